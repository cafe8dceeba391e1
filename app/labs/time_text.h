#pragma once

#include <QCoreApplication>
#include <QString>

namespace modescope {

/// A duration as people say it: "40 s", "12 min", "3 h 20 min".
inline QString time_text(double seconds) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("time", text); };
    const int whole = qRound(seconds);
    if (whole < 60) return tr("%1 s").arg(whole);
    const int minutes = (whole + 30) / 60;
    if (minutes < 60) return tr("%1 min").arg(minutes);
    return tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

}  // namespace modescope
