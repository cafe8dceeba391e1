#pragma once

#include <QString>
#include <QTemporaryDir>
#include <memory>
#include <string>

#include "widgets/theme.h"

class QApplication;

namespace modescope {

class MainWindow;

/// Names and icon by which the system knows the program.
void name_application();
/// "dark" or "light"; all else is the system's.
Scheme scheme_named(const QString& name);

/// A window that needs no display and neither reads nor writes the user's settings.
class Offscreen {
public:
    Offscreen(double scale, const std::string& scheme, const QString& page);
    ~Offscreen();

    MainWindow& window() { return *window_; }
    /// Serves the window's events for that long.
    void live(double seconds);

private:
    QTemporaryDir settings_;
    int argc_ = 1;
    char name_[10] = "modescope";
    char* argv_[2] = {name_, nullptr};
    std::unique_ptr<QApplication> application_;
    std::unique_ptr<MainWindow> window_;
};

}  // namespace modescope
