#include "app/labs/paint/paint_document_file.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/sampling/model_library.h"
#include "core/sampling/noise_recipe.h"

namespace modescope {
namespace {

constexpr char format_name[] = "modescope drawing";
constexpr qint64 largest_file = 64 << 20;  // bytes
constexpr int largest_size = 2048, most_samples = 256;
constexpr std::size_t most_levels = 64;
constexpr double largest_scale = 100;

QString tr(const char* text) { return QCoreApplication::translate("PaintDocument", text); }

[[noreturn]] void refuse(const QString& sentence) { throw Error(sentence.toStdString()); }

QString quoted(const QString& text) { return QString::fromStdString(shown(text.toStdString())); }

// --- Pictures ---

QImage to_image(const Raster<std::uint8_t>& raster) {
    const auto format = raster.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888;
    return QImage(raster.data.data(), raster.width, raster.height, raster.width * raster.channels, format)
        .copy();
}

template <class Picture>
Picture from_image(const QImage& image, Picture raster) {
    const auto line = static_cast<std::size_t>(raster.width) * static_cast<std::size_t>(raster.channels);
    for (int y = 0; y < raster.height; ++y)
        std::memcpy(raster.data.data() + static_cast<std::size_t>(y) * line, image.constScanLine(y), line);
    return raster;
}

QString to_base64_png(const Raster<std::uint8_t>& raster) {
    QBuffer png;
    png.open(QIODevice::WriteOnly);
    to_image(raster).save(&png, "PNG");
    return QString::fromLatin1(png.data().toBase64());
}

// --- Writing ---

QJsonObject condition_to_json(const PaintDrawing& drawing) {
    const auto& condition = drawing.condition;
    QJsonObject json;
    if (!condition.labels.empty()) json["labels"] = to_base64_png(condition.labels);
    if (!condition.picture.empty()) json["picture"] = to_base64_png(condition.picture);
    if (!condition.mask.empty()) json["mask"] = to_base64_png(condition.mask);
    if (!drawing.photo.empty()) json["photo"] = to_base64_png(drawing.photo);
    return json;
}

QString to_digits(std::uint64_t number) { return QString::number(static_cast<qulonglong>(number)); }

/// Seeds as text: JSON's numbers do not hold all 64 bits.
QJsonObject noise_to_json(const PaintDrawing& drawing) {
    QJsonArray tiles;
    for (const auto& noise : drawing.noises) {
        QJsonObject tile{{"seed", to_digits(noise.seed)}, {"pinned", noise.pinned}};
        if (!noise.recipe.empty()) tile["recipe"] = QString::fromStdString(noise.recipe);
        tiles.append(tile);
    }
    QJsonObject json{{"k", drawing.samples},
                     {"scale", drawing.scale},
                     {"seed", to_digits(drawing.seed)},
                     {"tiles", tiles}};
    if (drawing.frozen_levels.empty()) return json;
    QJsonArray frozen;
    for (const int level : drawing.frozen_levels) frozen.append(level);
    json["frozen"] = frozen;
    json["frozen_seed"] = to_digits(drawing.frozen_seed);
    return json;
}

QJsonObject to_json(const ModelReference& model) {
    return {{"file", QFileInfo(model.path).fileName()}, {"path", model.path}, {"sha256", model.sha256}};
}

// --- Reading ---

/// An object of the file and the way to it, for messages.
class Reader {
public:
    Reader(QString name, QString way, QJsonObject json)
        : name_(std::move(name)), way_(std::move(way)), json_(std::move(json)) {}

    bool has(const char* key) const { return json_.contains(QLatin1String(key)); }

    Reader object(const char* key) const {
        if (!value(key).isObject()) wrong(key, tr("an object"));
        return child(key, value(key).toObject());
    }

    std::vector<Reader> objects(const char* key, qsizetype most) const {
        const QJsonArray array = value(key).toArray();
        if (!value(key).isArray() || array.size() > most)
            wrong(key, tr("a list of at most %1 entries").arg(most));
        std::vector<Reader> list;
        for (const auto& entry : array) {
            if (!entry.isObject()) wrong(key, tr("a list of objects"));
            list.push_back(child(key, entry.toObject()));
        }
        return list;
    }

    QString text(const char* key) const {
        if (!value(key).isString()) wrong(key, tr("a text"));
        return value(key).toString();
    }

    bool truth(const char* key) const {
        if (!value(key).isBool()) wrong(key, tr("true or false"));
        return value(key).toBool();
    }

    /// Empty where there is none.
    std::string recipe(const char* key) const {
        if (!has(key)) return {};
        const auto recipe = text(key).toStdString();
        try {
            parse_recipe(recipe);
        } catch (const Error& error) {
            wrong(key, tr("the noise of a tile (%1)").arg(QString::fromUtf8(error.what())));
        }
        return recipe;
    }

    double number(const char* key, double least, double most) const {
        const double number = value(key).toDouble(std::nan(""));
        if (!(number >= least && number <= most))
            wrong(key, tr("a number from %1 to %2").arg(least).arg(most));
        return number;
    }

    int integer(const char* key, int least, int most) const {
        const double number = value(key).toDouble(std::nan(""));
        if (!(number >= least && number <= most) || number != std::floor(number))
            wrong(key, tr("a whole number from %1 to %2").arg(least).arg(most));
        return static_cast<int>(number);
    }

    /// Ascending; none where there is no such key.
    std::vector<int> levels(const char* key) const {
        std::vector<int> levels;
        for (const auto& level : value(key).toArray()) levels.push_back(level.toInt(-1));
        const bool ascending =
            std::ranges::adjacent_find(levels, std::ranges::greater_equal()) == levels.end() &&
            (levels.empty() || levels.front() >= 0);
        if (has(key) && (!value(key).isArray() || !ascending || levels.size() > most_levels))
            wrong(key, tr("a list of ascending numbers from 0"));
        return levels;
    }

    std::uint64_t seed(const char* key) const {
        bool fine = false;
        const auto number = text(key).toULongLong(&fine);
        if (!fine) wrong(key, tr("a seed, digits in quotes"));
        return number;
    }

    /// A PNG of just that size; nothing is decoded before its size is known.
    template <class Picture>
    Picture picture(const char* key, Picture room, QImage::Format format) const {
        QByteArray bytes = QByteArray::fromBase64(text(key).toLatin1());
        QBuffer buffer(&bytes);
        QImageReader reader(&buffer, "png");
        QImage image;
        if (reader.size() != QSize(room.width, room.height) || !reader.read(&image))
            wrong(key, tr("a PNG picture of %1 × %2 pixels").arg(room.width).arg(room.height));
        return from_image(image.convertToFormat(format), std::move(room));
    }

    QSize picture_size(const char* key) const {
        QByteArray bytes = QByteArray::fromBase64(text(key).toLatin1());
        QBuffer buffer(&bytes);
        return QImageReader(&buffer, "png").size();
    }

    [[noreturn]] void wrong(const char* key, const QString& wanted) const {
        refuse(tr("%1 is damaged: the key \"%2\" must be %3. Your drawing was left as it is.")
                   .arg(name_, way_ + QLatin1String(key), wanted));
    }

private:
    QJsonValue value(const char* key) const { return json_.value(QLatin1String(key)); }
    Reader child(const char* key, const QJsonObject& json) const {
        return {name_, way_ + QLatin1String(key) + '.', json};
    }

    QString name_, way_;
    QJsonObject json_;
};

QJsonObject parse(const QByteArray& json, const QString& name) {
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        refuse(tr("%1 is damaged or cut off at byte %2 (%3). Your drawing was left as it is.")
                   .arg(name)
                   .arg(problem.offset)
                   .arg(problem.errorString()));
    return document.object();
}

void check_format(const Reader& reader, const QJsonObject& json, const QString& name) {
    if (json.value("format").toString() != format_name)
        refuse(tr("%1 is not a drawing of Modescope: the key \"format\" must be \"%2\".")
                   .arg(name, format_name));
    if (const double version = json.value("version").toDouble(); version > drawing_version)
        refuse(
            tr("%1 is of a newer Modescope (\"version\" %2, this program knows %3); open it with that one.")
                .arg(name)
                .arg(version)
                .arg(drawing_version));
    reader.integer("version", drawing_version, drawing_version);
}

Task read_task(const Reader& reader) {
    try {
        return find_task(reader.text("task").toStdString());
    } catch (const Error& error) {
        reader.wrong("task", tr("a task (%1)").arg(quoted(QString::fromUtf8(error.what()))));
    }
}

Palette read_classes(const Reader& reader, Task task) {
    const QString text = reader.text("classes");
    if (task != Task::labels) return {};
    try {
        return parse_palette(text.toStdString());
    } catch (const Error& error) {
        reader.wrong("classes", tr("a list of classes (%1)").arg(quoted(QString::fromUtf8(error.what()))));
    }
}

LabelMap read_labels(const Reader& reader, const char* key, int size, std::size_t classes) {
    const auto labels = reader.picture(key, LabelMap(size, size), QImage::Format_Grayscale8);
    if (std::ranges::any_of(labels.data, [&](std::uint8_t label) { return label >= classes; }))
        reader.wrong(key, tr("a picture of numbers below %1").arg(classes));
    return labels;
}

/// A picture to enlarge is smaller than the size of the drawing, any other just as large.
Image read_picture(const Reader& reader, Task task, int size) {
    const QSize found = reader.picture_size("picture");
    int side = size;
    if (task == Task::super_resolution && found.width() == found.height() && found.width() > 0 &&
        found.width() <= size)
        side = found.width();
    return reader.picture("picture", Image(side, side, 3), QImage::Format_RGB888);
}

Condition read_condition(const Reader& reader, const PaintDrawing& drawing) {
    Condition condition;
    if (drawing.task == Task::labels)
        condition.labels = read_labels(reader, "labels", drawing.size, drawing.classes.size());
    else
        condition.picture = read_picture(reader, drawing.task, drawing.size);
    if (drawing.task == Task::inpainting) condition.mask = read_labels(reader, "mask", drawing.size, 2);
    return condition;
}

void read_noise(const Reader& reader, PaintDrawing& drawing) {
    drawing.samples = reader.integer("k", 1, most_samples);
    drawing.scale = reader.number("scale", 0, largest_scale);
    drawing.seed = reader.seed("seed");
    for (const Reader& tile : reader.objects("tiles", most_samples))
        drawing.noises.push_back({tile.seed("seed"), tile.truth("pinned"), tile.recipe("recipe")});
    drawing.frozen_levels = reader.levels("frozen");
    if (!drawing.frozen_levels.empty()) drawing.frozen_seed = reader.seed("frozen_seed");
}

ModelReference read_model(const Reader& reader) {
    return {reader.text("path"), reader.text("sha256").toLower()};
}

}  // namespace

QByteArray drawing_to_json(const PaintDrawing& drawing) {
    QJsonObject json{{"format", format_name},
                     {"version", drawing_version},
                     {"task", QString::fromStdString(info(drawing.task).id)},
                     {"size", drawing.size},
                     {"classes", QString::fromStdString(to_text(drawing.classes))},
                     {"condition", condition_to_json(drawing)},
                     {"noise", noise_to_json(drawing)}};
    if (drawing.example) json["example"] = to_digits(*drawing.example);
    if (!drawing.model.path.isEmpty()) json["model"] = to_json(drawing.model);
    if (!drawing.comparison.path.isEmpty()) json["comparison"] = to_json(drawing.comparison);
    if (!drawing.file.isEmpty()) json["document"] = drawing.file;
    return QJsonDocument(json).toJson();
}

PaintDrawing drawing_from_json(const QByteArray& bytes, const QString& name) {
    const QJsonObject json = parse(bytes, name);
    const Reader reader(name, {}, json);
    check_format(reader, json, name);
    PaintDrawing drawing;
    drawing.task = read_task(reader);
    drawing.size = reader.integer("size", 1, largest_size);
    drawing.classes = read_classes(reader, drawing.task);
    const auto condition = reader.object("condition");
    drawing.condition = read_condition(condition, drawing);
    if (condition.has("photo"))
        drawing.photo =
            condition.picture("photo", Image(drawing.size, drawing.size, 3), QImage::Format_RGB888);
    if (reader.has("example")) drawing.example = reader.seed("example");
    read_noise(reader.object("noise"), drawing);
    if (reader.has("model")) drawing.model = read_model(reader.object("model"));
    if (reader.has("comparison")) drawing.comparison = read_model(reader.object("comparison"));
    if (reader.has("document")) drawing.file = reader.text("document");
    return drawing;
}

PaintDrawing read_drawing(const QString& path) {
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        refuse(tr("%1 cannot be opened: %2. Choose another file.")
                   .arg(path, file.errorString().isEmpty() ? tr("it is no file") : file.errorString()));
    if (file.size() > largest_file)
        refuse(tr("%1 is too large for a drawing (more than %2 MB).").arg(path).arg(largest_file >> 20));
    return drawing_from_json(file.readAll(), path);
}

void write_drawing(const QString& path, const PaintDrawing& drawing) {
    QSaveFile file(path);
    const QByteArray json = drawing_to_json(drawing);
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        refuse(tr("%1 could not be written: %2. Choose another folder.").arg(path, file.errorString()));
}

// --- Models ---

QString ModelHashes::of(const QString& path) {
    const QFileInfo info(path);
    const QString key =
        QStringLiteral("%1 %2 %3").arg(path).arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch());
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.constFind(key); known != known_.cend()) return *known;
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!info.isFile() || !file.open(QIODevice::ReadOnly) || !hash.addData(&file)) return {};
    return known_[key] = QString::fromLatin1(hash.result().toHex());
}

void ModelHashes::fill(PaintDrawing& drawing) {
    for (ModelReference* model : {&drawing.model, &drawing.comparison})
        if (!model->path.isEmpty()) model->sha256 = of(model->path);
}

namespace {

std::vector<QString> places_of(const ModelReference& model, const QString& folder) {
    const QString file = QFileInfo(model.path).fileName();
    std::vector<QString> places{model.path, folder + '/' + file};
    for (const auto& shipped : shipped_models()) {
        const QString path = QString::fromStdString(shipped.path);
        if (QFileInfo(path).fileName() == file) places.push_back(path);
    }
    std::erase_if(places, [](const QString& path) { return !QFileInfo(path).isFile(); });
    return places;
}

/// False if the model is nowhere; `same`: whether its bytes are those that the drawing names.
bool find(ModelReference& model, const QString& folder, ModelHashes& hashes, bool& same) {
    const auto places = places_of(model, folder);
    const auto right = std::ranges::find_if(places, [&](const QString& path) {
        return model.sha256.isEmpty() || hashes.of(path) == model.sha256;
    });
    same = right != places.end();
    if (!places.empty()) model.path = same ? *right : places.front();
    return !places.empty();
}

}  // namespace

QString find_models(PaintDrawing& drawing, const QString& folder, const QString& name, ModelHashes& hashes) {
    bool same = true;
    QStringList sentences;
    for (ModelReference* model : {&drawing.model, &drawing.comparison}) {
        if (model->path.isEmpty()) continue;
        const QString file = quoted(QFileInfo(model->path).fileName());
        const bool found = find(*model, folder, hashes, same);
        if (!found && model == &drawing.model)
            refuse(tr("%1 needs the model %2 (key \"model\"), which is not here: put that file beside the "
                      "drawing "
                      "and open it again.")
                       .arg(name, file));
        if (!found) *model = {};
        if (!found)
            sentences << tr("The comparison model %1 is not here.").arg(file);
        else if (!same)
            sentences << tr("The model %1 has changed since; the tiles may differ.").arg(file);
    }
    return sentences.join(' ');
}

}  // namespace modescope
