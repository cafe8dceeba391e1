#include "app/labs/paint/picture_folder.h"

#include <QDir>
#include <QFileInfo>
#include <QImageReader>
#include <algorithm>
#include <utility>

namespace modescope {
namespace {

/// The name with its numbers filled up with zeros: its order is how people count, in every locale.
QString counting_key(const QString& path) {
    constexpr int digits = 20;
    QString key, number;
    const auto end_number = [&] { key += std::exchange(number, {}).rightJustified(digits, '0'); };
    for (const QChar c : QFileInfo(path).fileName().toLower()) {
        if (!c.isDigit() && !number.isEmpty()) end_number();
        (c.isDigit() ? number : key) += c;
    }
    if (!number.isEmpty()) end_number();
    return key;
}

QStringList pictures_in(const QString& folder) {
    QStringList paths;
    for (const QFileInfo& file : QDir(folder).entryInfoList(QDir::Files))
        if (is_picture(file.filePath())) paths << file.absoluteFilePath();
    std::ranges::stable_sort(paths, {}, counting_key);
    return paths;
}

}  // namespace

bool is_picture(const QString& path) {
    return QImageReader::supportedImageFormats().contains(QFileInfo(path).suffix().toLower().toLatin1());
}

void PictureFolder::open(const QString& path) {
    const QFileInfo info(path);
    paths_ = pictures_in(info.isDir() ? info.absoluteFilePath() : info.absolutePath());
    index_ = static_cast<int>(paths_.indexOf(info.absoluteFilePath()));
}

bool PictureFolder::step(int by) {
    const int to = index_ + by;
    if (to < 0 || to >= count()) return false;
    index_ = to;
    return true;
}

}  // namespace modescope
