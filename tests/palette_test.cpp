// The classes of label maps as text and as colours.
#include "core/tasks/palette.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>
#include <set>

#include "core/base/picture_file.h"
#include "core/tasks/condition_file.h"
#include "tests/error_of.h"

namespace modescope {

namespace {

const Palette street{{"sky", "Sky", {0x46, 0x82, 0xb4}}, {"lane_marking", "Lane marking", {220, 220, 220}}};

LabelMap checks(int width, int height) {
    LabelMap labels(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) labels.at(x, y) = (x + y) % 2;
    return labels;
}

std::string many_classes(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i == 0 ? "Class " : ", Class ") + std::to_string(i) + " #000000";
    return text;
}

bool distinct(const Palette& palette) {
    std::set<Rgb> colours;
    std::set<std::string> ids;
    for (const auto& [id, name, colour] : palette) {
        colours.insert(colour);
        ids.insert(id);
    }
    return colours.size() == palette.size() && ids.size() == palette.size();
}

const LabelClass& named(const Palette& palette, const std::string& name) {
    return *std::ranges::find(palette, name, &LabelClass::name);
}

}  // namespace

class PaletteTest : public QObject {
    Q_OBJECT

private slots:
    void text_and_palette_are_the_same() {
        QCOMPARE(to_text(street), std::string("Sky #4682b4, Lane marking #dcdcdc"));
        QVERIFY(parse_palette("Sky #4682b4, Lane marking #dcdcdc") == street);
        QVERIFY(parse_palette("  Sky   #4682B4 ,Lane marking\t#DCDCDC\n") == street);
        QVERIFY(parse_palette("").empty());
        QCOMPARE(to_text({}), std::string());
    }

    void built_in_palettes_survive_as_text() {
        for (const auto* palette : {&cityscapes_palette(), &camvid_palette()}) {
            QVERIFY(parse_palette(to_text(*palette)) == *palette);
            QVERIFY(distinct(*palette));
        }
    }

    void names_may_hold_colours_and_other_scripts() {
        const auto palette = parse_palette("Colour #ff0000 #ff0000, Straße #000001, 道路 #000002");
        QCOMPARE(palette[0].name, std::string("Colour #ff0000"));
        QCOMPARE(palette[0].id, std::string("colour_ff0000"));
        QCOMPARE(palette[1].id, std::string("straße"));
        QCOMPARE(palette[2].id, std::string("道路"));
        QVERIFY(parse_palette(to_text(palette)) == palette);
    }

    void entries_of_another_form_are_named_data() {
        QTest::addColumn<QString>("entry");
        for (const char* entry :
             {"Road", "#123456", "Road #12345", "Road #1234567", "Road #12345g", "Road 804080",
              "Road # 12345", "Road #-12345", "Road#123456", "+ #123456", "Road #+12345"})
            QTest::newRow(entry) << entry;
        QTest::newRow("empty") << "";
    }

    void entries_of_another_form_are_named() {
        QFETCH(QString, entry);
        const auto text = "Sky #4682b4, " + entry.toStdString() + ", Tree #00ff00";
        QVERIFY(says(error_of([&] { parse_palette(text); }), "\"" + entry.toStdString() + "\""));
    }

    void classes_of_the_same_name_are_refused() {
        const auto error = error_of([] { parse_palette("Traffic light #000000, traffic-light #000001"); });
        QVERIFY(says(error, "Traffic light") && says(error, "traffic-light"));
    }

    void a_palette_has_at_most_256_classes() {
        QCOMPARE(parse_palette(many_classes(256)).size(), std::size_t{256});
        QVERIFY(says(error_of([] { parse_palette(many_classes(257)); }), "Class 256"));
    }

    void names_that_text_cannot_hold_are_refused() {
        for (const std::string name : {"Road, wet", "", "?"})
            QVERIFY(says(error_of([&] { to_text({{"road", name, {}}}); }), "\"" + name + "\""));
    }

    void colours_lead_back_to_the_labels() {
        const auto labels = checks(5, 3);
        const auto picture = colour_labels(street, labels);
        QCOMPARE(picture.width, 5);
        QCOMPARE(picture.height, 3);
        QVERIFY((Rgb{picture.at(1, 0, 0), picture.at(1, 0, 1), picture.at(1, 0, 2)} == street[1].colour));
        QVERIFY(labels_from_colours(street, picture) == labels);
    }

    void a_strange_colour_is_named_with_its_first_pixel() {
        auto picture = colour_labels(street, checks(5, 3));
        picture.at(3, 1, 2) ^= 1;  // a lane marking's neighbour in colour space is nobody
        picture.at(4, 2, 0) ^= 1;
        const auto error = error_of([&] { labels_from_colours(street, picture); });
        QVERIFY2(says(error, "#4682b5") && says(error, "x 3, y 1"), error.c_str());
    }

    void grey_label_pictures_hold_the_numbers_of_the_classes() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("numbers.png").toStdString();
        const TaskSettings settings{.task = Task::labels, .size = 8};
        auto labels = checks(8, 8);
        write_image(path, labels);
        QVERIFY(read_condition(settings, street, path, "").labels == labels);
        labels.at(3, 1) = static_cast<std::uint8_t>(street.size());  // the first number that is no class
        write_image(path, labels);
        const auto error = error_of([&] { read_condition(settings, street, path, ""); });
        QVERIFY2(says(error, "numbers.png"), error.c_str());
    }

    /// Maps of its files, and what its scripts make of them.
    void inputs_of_cityscapes_hold_its_ids() {
        const QTemporaryDir folder;
        const TaskSettings settings{.task = Task::labels, .size = 2};
        const auto read = [&](const char* name, const std::vector<std::uint8_t>& numbers) {
            const auto path = folder.filePath(name).toStdString();
            LabelMap labels(2, 2);
            labels.data = numbers;
            write_image(path, labels);
            return read_condition(settings, cityscapes_palette(), path, "").labels.data;
        };
        QVERIFY((read("a_labelIds.png", {7, 33, 3, 8}) == std::vector<std::uint8_t>{0, 18, 19, 1}));
        QVERIFY((read("a_labelTrainIds.png", {7, 18, 255, 0}) == std::vector<std::uint8_t>{7, 18, 19, 0}));
    }

    void cityscapes_has_its_training_classes_and_unlabelled() {
        QCOMPARE(cityscapes_palette().size(), std::size_t{20});
        QVERIFY((cityscapes_palette().front() == LabelClass{"road", "Road", {128, 64, 128}}));
        QVERIFY((cityscapes_palette()[18] == LabelClass{"bicycle", "Bicycle", {119, 11, 32}}));
        QVERIFY((cityscapes_palette().back() == LabelClass{"unlabelled", "Unlabelled", {0, 0, 0}}));
        QVERIFY((named(cityscapes_palette(), "Traffic sign").colour == Rgb{220, 220, 0}));
    }

    void camvid_has_eleven_classes_and_unlabelled() {
        QCOMPARE(camvid_palette().size(), std::size_t{12});
        QCOMPARE(camvid_palette().front().id, std::string("sky"));
        QCOMPARE(camvid_palette().back().id, std::string("unlabelled"));
        QVERIFY((named(camvid_palette(), "Road").colour == Rgb{128, 64, 128}));
    }
};

std::unique_ptr<QObject> palette_test() { return std::make_unique<PaletteTest>(); }

}  // namespace modescope

#include "palette_test.moc"
