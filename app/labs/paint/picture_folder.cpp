#include "app/labs/paint/picture_folder.h"

#include <QDir>
#include <QFileInfo>
#include <QImageReader>
#include <algorithm>
#include <utility>
#include <vector>

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
    std::vector<std::pair<QString, QString>> keyed;  // there may be hundreds of thousands
    for (const QFileInfo& file : QDir(folder).entryInfoList(QDir::Files))
        if (is_picture(file.filePath()))
            keyed.emplace_back(counting_key(file.filePath()), file.absoluteFilePath());
    std::ranges::sort(keyed);
    QStringList paths;
    for (auto& [key, path] : keyed) paths << std::move(path);
    return paths;
}

}  // namespace

bool is_picture(const QString& path) {
    static const auto formats = QImageReader::supportedImageFormats();  // asks all plugins
    return formats.contains(QFileInfo(path).suffix().toLower().toLatin1());
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
