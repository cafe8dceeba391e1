// The classes of the label maps in a folder of data, and trainings that adopt a folder.
#include <algorithm>
#include <memory>
#include <numeric>
#include <set>

#include "core/tasks/condition_file.h"
#include "tests/data_folder.h"
#include "tests/error_of.h"

namespace modescope {

namespace {

std::string names_of(const Palette& palette) {
    std::string text;
    for (const auto& [id, name, colour] : palette) text += (text.empty() ? "" : ", ") + name;
    return text;
}

Palette palette_of(const DataFolder& folder) {
    Spec spec;
    adopt_folder(spec, folder.path());
    return parse_palette(spec.data.classes);
}

/// A PNG of 4 × 2 pixels with 2 bits each: 0 1 2 3, 3 2 1 0.
const QByteArray two_bit_png = QByteArray::fromHex(
    "89504e470d0a1a0a0000000d494844520000000400000002020000000010733a1e0000000c49444154789c63906678020001"
    "3901004564919b0000000049454e44ae426082");

}  // namespace

class FolderClassesTest : public QObject {
    Q_OBJECT

private slots:
    void ids_of_camvid_get_its_classes();
    void one_stray_id_leaves_camvid_its_classes();
    void other_ids_get_numbered_classes();
    void colours_become_classes();
    void class_files_name_the_classes();
    void class_files_of_another_form_are_refused();
    void the_class_file_of_camvid_names_the_classes();
    void too_many_colours_are_refused();
    void label_files_of_all_kinds_are_read();
    void palettes_of_greys_hold_ids();
    void greys_behind_colours_are_colours();
    void label_maps_are_conditions_too();
    void class_shares_are_of_all_pixels();

    void adopting_sets_the_data();
    void adopting_keeps_to_the_task();
    void adopting_knows_rare_classes();
};

void FolderClassesTest::ids_of_camvid_get_its_classes() {
    const DataFolder folder;
    write_camvid(folder);
    QVERIFY(palette_of(folder) == camvid_palette());
    QVERIFY(check_folder(folder.path()).palette == camvid_palette());
    for (const int most : {10, 9}) {  // the last class is for pixels without a label, and may be missing
        for (const std::string map : {"trainannot/a", "trainannot/b", "valannot/a", "valannot/b"})
            folder.write(map + ".png", ids(24, 16, [&](int x, int) { return std::min(x / 2, most); }));
        QCOMPARE(palette_of(folder) == camvid_palette(), most == 10);
    }
}

void FolderClassesTest::one_stray_id_leaves_camvid_its_classes() {
    const DataFolder folder;
    write_camvid(folder);
    for (int i = 0; i < 20; ++i) {
        const auto name = std::to_string(i) + ".png";
        folder.write("train/" + name, places(24, 16));
        folder.write("trainannot/" + name, ids(24, 16, [](int x, int) { return x / 2; }));
    }
    folder.write("trainannot/7.png", flat_ids(24, 16, 77));
    QVERIFY(palette_of(folder) == camvid_palette());
    const auto report = check_folder(folder.path());
    QVERIFY(report.palette == camvid_palette());
    QCOMPARE(report.splits[0].count, 21);
    QCOMPARE(report.bad.size(), 1);
    QVERIFY(says(report.bad[0].path, "trainannot/7.png") && says(report.bad[0].problem, "class id 77"));
    const auto stopped = check_folder(folder.path(), [](double share) { return share < 0.95; });
    QVERIFY(stopped.class_shares.empty());  // it never came to know which map is the stray one
    QCOMPARE(std::accumulate(report.class_shares.begin(), report.class_shares.end(), 0.), 1.);
}

void FolderClassesTest::other_ids_get_numbered_classes() {
    const DataFolder folder;
    for (const std::string name : {"a.png", "b.png", "c.png"}) {
        folder.write("photos/" + name, places(16, 16));
        folder.write("labels/" + name, ids(16, 16, [](int x, int) { return x / 8 ? 255 : 2; }));
    }
    const auto palette = palette_of(folder);
    QCOMPARE(names_of(palette), std::string("Class 0, Class 1, Class 2, Unlabelled"));
    const auto pair = open_folder(data_of(folder, "labels", 16), 1)->pair(Split::train, 0);
    QCOMPARE(int(pair.x.labels.at(0, 0)), 2);
    QCOMPARE(int(pair.x.labels.at(8, 0)), 3);

    folder.write("labels/b.png", ids(16, 16, [](int x, int y) { return std::min(16 * y + x, 254); }));
    std::set<Rgb> colours;
    for (const auto& entry : palette_of(folder)) colours.insert(entry.colour);
    QCOMPARE(colours.size(), std::size_t{256});
}

void FolderClassesTest::colours_become_classes() {
    const DataFolder folder;
    write_colours(folder);
    const auto palette = palette_of(folder);
    QCOMPARE(names_of(palette), std::string("Colour #000000, Colour #00ff00, Colour #ff0000"));
    const auto pair = open_folder(data_of(folder, "labels", 16), 1)->pair(Split::validation, 0);
    const auto shown = colour_labels(palette, pair.x.labels);
    QVERIFY(shown == read_image(folder.path("labels/a.png")));
}

void FolderClassesTest::class_files_name_the_classes() {
    const DataFolder folder;
    write_colours(folder);
    folder.write(
        "classes.txt",
        std::string(
            "\xEF\xBB\xBF# what there is\n\nLeft wing 255 0 0\r\n  Right wing\t#00FF00\nGround 0 0 0"));
    QCOMPARE(to_text(palette_of(folder)),
             std::string("Left wing #ff0000, Right wing #00ff00, Ground #000000"));
    const auto pair = open_folder(data_of(folder, "labels", 16), 1)->pair(Split::validation, 0);
    QCOMPARE(int(pair.x.labels.at(0, 0)), 0);
    QCOMPARE(int(pair.x.labels.at(15, 0)), 1);
    QCOMPARE(int(pair.x.labels.at(0, 15)), 2);
}

void FolderClassesTest::class_files_of_another_form_are_refused() {
    const DataFolder folder;
    write_colours(folder);
    for (const std::string line : {"Left", "Left 255 0", "Left 256 0 0", "255 0 0", "Left #ff00"}) {
        folder.write("classes.txt", "Ground 0 0 0\n" + line + "\n");
        const auto error = error_of([&] { check_folder(folder.path()); });
        QVERIFY2(says(error, folder.path("classes.txt")) && says(error, "\"" + line), error.c_str());
    }
    folder.write("classes.txt", std::string("# nothing\n"));
    QVERIFY(says(error_of([&] { palette_of(folder); }), folder.path("classes.txt")));
}

void FolderClassesTest::the_class_file_of_camvid_names_the_classes() {
    const DataFolder folder;
    write_colours(folder);
    folder.write("label_colors.txt",
                 std::string("255 0 0\tLeft wing\r\n0 255 0\t\tRight_wing\n0 0 0\t\tVoid"));
    QCOMPARE(to_text(palette_of(folder)), std::string("Left wing #ff0000, Right_wing #00ff00, Void #000000"));
    folder.write("classes.txt", std::string("Left 255 0 0\nRight 0 255 0\nGround 0 0 0\n"));
    QCOMPARE(names_of(palette_of(folder)), std::string("Left, Right, Ground"));
}

void FolderClassesTest::too_many_colours_are_refused() {
    const DataFolder folder;
    write_colours(folder);
    folder.write("labels/c.png", picture(16, 16, [](int x, int y) { return Rgb{byte(x), byte(y), 1}; }));
    const auto report = check_folder(folder.path());
    QCOMPARE(report.palette.size(), std::size_t{3});
    QCOMPARE(report.bad.size(), std::size_t{1});
    QVERIFY(says(report.bad[0].problem, "259"));
}

void FolderClassesTest::label_files_of_all_kinds_are_read() {
    const DataFolder indexed, alpha, bits;
    QImage map(8, 8, QImage::Format_Indexed8);
    map.setColorTable({qRgb(0, 0, 0), qRgb(9, 8, 7)});
    map.fill(1);
    indexed.write("images/a.png", flat(8, 8, red));
    indexed.write("labels/a.png", map);
    QCOMPARE(to_text(palette_of(indexed)), std::string("Colour #090807 #090807"));
    alpha.write("images/a.png", flat(8, 8, red));
    alpha.write("labels/a.png", map.convertToFormat(QImage::Format_ARGB32));
    QCOMPARE(to_text(palette_of(alpha)), std::string("Colour #090807 #090807"));
    bits.write("images/a.png", flat(4, 2, red));
    bits.write("labels/a.png", two_bit_png.toStdString());
    QCOMPARE(names_of(palette_of(bits)), std::string("Class 0, Class 1, Class 2, Class 3"));
}

void FolderClassesTest::palettes_of_greys_hold_ids() {
    const DataFolder folder;
    QImage map(8, 8, QImage::Format_Indexed8);
    map.setColorTable({qRgb(0, 0, 0), qRgb(1, 1, 1), qRgb(2, 2, 2), qRgb(9, 8, 7)});  // the last is not used
    map.fill(2);
    folder.write("images/a.png", flat(8, 8, red));
    folder.write("labels/a.png", map);
    QCOMPARE(names_of(palette_of(folder)), std::string("Class 0, Class 1, Class 2"));
    folder.write("classes.txt", std::string("Road 128 64 128\nSky 70 130 180\nCar 0 0 142\n"));
    QVERIFY(check_folder(folder.path()).bad.empty());
    const auto pair = open_folder(data_of(folder, "labels"), 1)->pair(Split::train, 0);
    QCOMPARE(int(pair.x.labels.at(0, 0)), 2);
    map.fill(3);
    folder.write("labels/a.png", map);
    QVERIFY(says(error_of([&] { open_folder(data_of(folder, "labels"), 1); }), "colour #090807"));
}

/// As of DAVIS: 22 colours, then the greys of their numbers.
void FolderClassesTest::greys_behind_colours_are_colours() {
    const DataFolder folder;
    QList<QRgb> table{qRgb(0, 0, 0), qRgb(128, 0, 0)};
    for (int i = 2; i < 256; ++i) table << (i < 22 ? qRgb(i, 128, 0) : qRgb(i, i, i));
    QImage map(8, 8, QImage::Format_Indexed8);
    map.setColorTable(table);
    for (const int index : {0, 1}) {  // the first shows the background alone
        map.fill(index);
        folder.write("images/" + std::to_string(index) + ".png", flat(8, 8, red));
        folder.write("labels/" + std::to_string(index) + ".png", map);
    }
    QCOMPARE(palette_of(folder).size(), std::size_t{2});
    QVERIFY(check_folder(folder.path()).bad.empty());
}

/// What a model learns from can be asked of it.
void FolderClassesTest::label_maps_are_conditions_too() {
    const DataFolder cityscapes, voids, bits;
    write_cityscapes(cityscapes);
    voids.write("images/a.png", places(16, 16));
    voids.write("labels/a.png", ids(16, 16, [](int x, int) { return x / 8 ? 255 : 2; }));
    bits.write("images/a.png", flat(4, 2, red));
    bits.write("labels/a.png", two_bit_png.toStdString());
    const auto agrees = [](const DataFolder& folder, const std::string& map) {
        Spec spec;
        spec.data.size = 4;
        adopt_folder(spec, folder.path());
        const auto learnt = open_folder(spec.data, 1)->pair(Split::validation, 0).x;
        return learnt == read_condition(task_settings(spec.data), parse_palette(spec.data.classes),
                                        folder.path(map), {});
    };
    QVERIFY(agrees(cityscapes, "gtFine/val/bonn/bonn_0_1_gtFine_labelIds.png"));
    QVERIFY(agrees(voids, "labels/a.png"));
    QVERIFY(agrees(bits, "labels/a.png"));
}

void FolderClassesTest::class_shares_are_of_all_pixels() {
    const DataFolder folder;
    write_colours(folder);  // a quarter black, the rest half red and half green
    const auto shares = check_folder(folder.path()).class_shares;
    QCOMPARE(shares.size(), std::size_t{3});
    QCOMPARE(shares[0], 0.25);
    QCOMPARE(shares[1], 0.375);
    QCOMPARE(shares[2], 0.375);
    folder.write("labels/d.png", flat(16, 16, red));
    QCOMPARE(check_folder(folder.path()).class_shares[2], (3 * 0.375 + 1) / 4);
    QCOMPARE(check_folder(folder.path()).class_shares[0], 3 * 0.25 / 4);
}

void FolderClassesTest::adopting_sets_the_data() {
    const DataFolder folder;
    write_camvid(folder);
    Spec spec;
    adopt_folder(spec, folder.path("train/..") + "/");
    QCOMPARE(spec.data.source, std::string("folder"));
    QVERIFY(QFileInfo(QString::fromStdString(spec.data.folder)).isAbsolute());
    QCOMPARE(QDir(QString::fromStdString(spec.data.folder)), QDir(QString::fromStdString(folder.path())));
    QCOMPARE(spec.data.classes, to_text(camvid_palette()));
    spec.data.size = 16;
    QVERIFY(!open_folder(spec.data, 1)->pair(Split::train, 0).x.labels.empty());

    const DataFolder pairs;
    write_pairs(pairs);
    adopt_folder(spec, pairs.path());
    QCOMPARE(spec.data.task, std::string("picture"));
    QVERIFY(spec.data.classes.empty());
    adopt_folder(spec, folder.path());
    QCOMPARE(spec.data.task, std::string("labels"));
}

void FolderClassesTest::adopting_keeps_to_the_task() {
    const DataFolder pairs, photos, labels;
    write_pairs(pairs);
    write_photos(photos, "", 4);
    write_camvid(labels);
    const auto adopted = [](const DataFolder& folder, const std::string& task) {
        Spec spec;
        spec.data.task = task;
        return error_of([&] { adopt_folder(spec, folder.path()); });
    };
    for (const std::string task : {"super-resolution", "inpainting"}) {
        QCOMPARE(adopted(photos, task), std::string());
        QVERIFY(says(adopted(pairs, task), "the task picture") && says(adopted(pairs, task), task));
        QVERIFY(says(adopted(labels, task), "the task labels"));
    }
    QVERIFY(says(adopted(photos, "labels"), "super-resolution or inpainting"));
    QCOMPARE(adopted(labels, "picture"), std::string());
    QCOMPARE(error_of([&] { open_folder(data_of(pairs, "inpainting"), 1); }), adopted(pairs, "inpainting"));
}

/// As the check does that the Train page makes, whose command line adopts the folder itself.
void FolderClassesTest::adopting_knows_rare_classes() {
    const DataFolder folder;
    for (int i = 100; i < 350; ++i) {
        const auto name = std::to_string(i) + ".png";
        folder.write("images/" + name, flat(2, 2, red));
        folder.write("labels/" + name, flat_ids(2, 2, i == 102 ? 5 : i == 110 ? 7 : 1));  // 110 is of val
    }
    Spec spec, checked;
    adopt_folder(spec, folder.path());
    adopt_folder(checked, folder.path(), check_folder(folder.path()));
    QCOMPARE(parse_palette(spec.data.classes).size(), std::size_t{8});
    QCOMPARE(spec.data.classes, checked.data.classes);
    spec.data.size = 2;
    const auto source = open_folder(spec.data, 1);
    for (int i = 0; i < 225; ++i) source->pair(Split::train, i);
    QVERIFY(source->bad_files().empty());
}

std::unique_ptr<QObject> folder_classes_test() { return std::make_unique<FolderClassesTest>(); }

}  // namespace modescope

#include "folder_classes_test.moc"
