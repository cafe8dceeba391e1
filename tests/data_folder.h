#pragma once

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/folders/folder.h"

/// Tiny folders of data in all layouts.
namespace modescope {

using Pixels = std::function<Rgb(int x, int y)>;

inline Image picture(int width, int height, const Pixels& pixels) {
    Image image(width, height, 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto colour = pixels(x, y);
            std::ranges::copy(colour, &image.at(x, y));
        }
    return image;
}

inline std::uint8_t byte(int value) { return static_cast<std::uint8_t>(value); }

inline Image flat(int width, int height, const Rgb& colour) {
    return picture(width, height, [&](int, int) { return colour; });
}

/// Every pixel says where it is.
inline Image places(int width, int height) {
    return picture(width, height, [](int x, int y) { return Rgb{byte(x), byte(y), 0}; });
}

inline QImage ids(int width, int height, const std::function<int(int x, int y)>& id) {
    QImage image(width, height, QImage::Format_Grayscale8);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) image.scanLine(y)[x] = byte(id(x, y));
    return image;
}

inline QImage flat_ids(int width, int height, int id) {
    return ids(width, height, [&](int, int) { return id; });
}

/// A data folder of tiny files. Sub-folders are made as needed.
class DataFolder {
public:
    std::string path(const std::string& name = "") const {
        return (folder_.path() + (name.empty() ? "" : "/")).toStdString() + name;
    }
    /// Not by write_file, which waits for the disk.
    void write(const std::string& name, const std::string& bytes) const {
        make_room(name);
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    }
    void write(const std::string& name, const Image& image) const {
        const QImage pixels(image.data.data(), image.width, image.height, 3 * image.width,
                            QImage::Format_RGB888);
        if (name.ends_with(".png")) return write(name, pixels);
        make_room(name);
        write_image(path(name), image);
    }
    void write(const std::string& name, const QImage& image) const {
        make_room(name);
        QVERIFY(image.save(QString::fromStdString(path(name)), "PNG"));
    }
    std::string read(const std::string& name) const { return read_file(path(name)); }
    void remove(const std::string& name) const { QVERIFY(QFile::remove(QString::fromStdString(path(name)))); }

private:
    void make_room(const std::string& name) const {
        QDir().mkpath(QFileInfo(QString::fromStdString(path(name))).path());
    }
    QTemporaryDir folder_;
};

/// Photos 00.png, 01.png, … whose red is their number times 10.
inline void write_photos(const DataFolder& folder, const std::string& place, int count, int first = 0) {
    for (int i = 0; i < count; ++i)
        folder.write(place + QString::number(i).rightJustified(2, '0').toStdString() + ".png",
                     flat(8, 8, {byte(10 * (first + i)), 0, 0}));
}

inline void write_pairs(const DataFolder& folder) {
    for (const std::string split : {"train/", "val/"})
        for (const std::string name : {"1.png", "2.png", "3.png"})
            folder.write(split + name, picture(16, 8, [](int x, int) {
                             return x < 8 ? Rgb{200, 0, 0} : Rgb{0, 0, 200};
                         }));
}

inline void write_cityscapes(const DataFolder& folder) {
    for (const std::string name : {"train/bern/bern_0_1", "train/ulm/ulm_0_1", "val/bonn/bonn_0_1"}) {
        folder.write("leftImg8bit/" + name + "_leftImg8bit.png", places(68, 8));
        folder.write("gtFine/" + name + "_gtFine_labelIds.png", ids(68, 8, [](int x, int) { return x / 2; }));
        folder.write("gtFine/" + name + "_gtFine_instanceIds.png", flat_ids(68, 8, 200));
    }
}

/// Four photos with their places, label maps with the ids 0 … 11.
inline void write_camvid(const DataFolder& folder) {
    for (const std::string split : {"train", "val"})
        for (const std::string name : {"a", "b"}) {
            folder.write(split + "/" + name + ".png", places(24, 16));
            folder.write(split + "annot/" + name + ".png", ids(24, 16, [](int x, int) { return x / 2; }));
        }
}

inline constexpr Rgb red{255, 0, 0}, green{0, 255, 0}, black{0, 0, 0};

inline void write_colours(const DataFolder& folder) {
    const auto map = picture(16, 16, [](int x, int y) { return y >= 12 ? black : x < 8 ? red : green; });
    for (const std::string name : {"a", "b", "c", "d"}) {
        folder.write("images/" + name + ".png", places(16, 16));
        folder.write("labels/" + name + ".png", map);
    }
}

inline void write_celeba(const DataFolder& folder) {
    std::string list;
    for (int i = 0; i < 8; ++i) {
        const auto name = "00000" + std::to_string(i) + ".png";
        folder.write("img_align_celeba/" + name, flat(8, 10, {byte(10 * i), 0, 0}));
        list += name + (i < 5 ? " 0\n" : i < 7 ? " 1\n" : " 2\r\n");
    }
    folder.write("list_eval_partition.txt", list);
}

inline DataSpec data_of(const DataFolder& folder, const std::string& task, int size = 8) {
    DataSpec data;
    data.source = "folder";
    data.folder = folder.path();
    data.task = task;
    data.size = size;
    data.scale = 2;
    data.hole_least = 2;
    data.hole_most = data.hole_box = 4;
    return data;
}

inline int red_of(const Pair& pair) { return pair.y.at(0, 0); }

inline std::vector<int> reds(const PairSource& source, Split split, int first, int count) {
    std::vector<int> found;
    for (int i = 0; i < count; ++i) found.push_back(red_of(source.pair(split, first + i)));
    return found;
}

inline std::vector<int> sorted(std::vector<int> values) {
    std::ranges::sort(values);
    return values;
}

/// first, first + step, … of `count` numbers.
inline std::vector<int> numbers(int first, int step, int count) {
    std::vector<int> values;
    for (int i = 0; i < count; ++i) values.push_back(first + i * step);
    return values;
}

}  // namespace modescope
