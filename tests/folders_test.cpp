// Folders of data: which layout they have, and what is wrong with which file.
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>

#include "tests/data_folder.h"
#include "tests/error_of.h"

Q_DECLARE_METATYPE(modescope::FolderLayout)

namespace modescope {

namespace {

const SplitReport* split_of(const FolderReport& report, const std::string& name) {
    const auto found = std::ranges::find(report.splits, name, &SplitReport::name);
    return found == report.splits.end() ? nullptr : &*found;
}

/// A little JPEG within another, as cameras put one into the EXIF segment: it has its own end marker.
std::string with_thumbnail(const std::string& jpeg) {
    const std::string segment = "Exif" + jpeg;
    const auto length = segment.size() + 2;
    return jpeg.substr(0, 2) + "\xff\xe1" + static_cast<char>(length >> 8) + static_cast<char>(length) +
           segment + jpeg.substr(2);
}

std::string jpeg_bytes() {
    const DataFolder folder;
    folder.write("a.jpg", picture(16, 8, [](int x, int y) { return Rgb{byte(97 * x), byte(31 * y), 5}; }));
    return folder.read("a.jpg");
}

void write_twelve_classes(const DataFolder& folder) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += "Thing " + std::to_string(i) + " 0 0 " + std::to_string(i) + "\n";
    folder.write("classes.txt", text);
}

/// What is wrong with one file, and how it gets there.
struct Damage {
    const char* name;
    void (*write_good)(const DataFolder&);
    const char* task;
    const char* file;     ///< the one that must be named
    const char* problem;  ///< part of the sentence
    std::function<void(const DataFolder&)> harm;
};

void cut(const DataFolder& folder, const std::string& name, std::size_t bytes) {
    const auto whole = folder.read(name);
    folder.write(name, whole.substr(0, whole.size() - bytes));
}

const std::vector<Damage>& damages() {
    static const std::vector<Damage> list{
        {"empty", write_pairs, "picture", "train/2.png", "is empty",
         [](const DataFolder& f) { f.write("train/2.png", std::string()); }},
        {"text", write_pairs, "picture", "train/2.png", "not a picture",
         [](const DataFolder& f) { f.write("train/2.png", std::string("<html>not found</html>")); }},
        {"photo without a label map", write_camvid, "labels", "train/b.png", "no label map",
         [](const DataFolder& f) { f.remove("trainannot/b.png"); }},
        {"label map without a photo", write_camvid, "labels", "trainannot/c.png", "no photo",
         [](const DataFolder& f) { f.write("trainannot/c.png", flat_ids(24, 16, 0)); }},
        {"PNG without its end", write_pairs, "picture", "train/2.png", "cut off",
         [](const DataFolder& f) { cut(f, "train/2.png", 12); }},
        {"half a PNG", write_pairs, "picture", "train/2.png", "cut off",
         [](const DataFolder& f) { cut(f, "train/2.png", 40); }},
        {"JPEG without its end", write_pairs, "picture", "train/4.jpg", "cut off",
         [](const DataFolder& f) {
             f.write("train/4.jpg", jpeg_bytes());
             cut(f, "train/4.jpg", 2);
         }},
        {"half a JPEG", write_pairs, "picture", "train/4.jpg", "cut off",
         [](const DataFolder& f) {
             f.write("train/4.jpg", jpeg_bytes());
             cut(f, "train/4.jpg", 200);
         }},
        {"only the thumbnail is whole", write_pairs, "picture", "train/4.jpg", "cut off",
         [](const DataFolder& f) {
             f.write("train/4.jpg", with_thumbnail(jpeg_bytes()));
             cut(f, "train/4.jpg", 2);
         }},
        {"JPEG filled up with zeros", write_pairs, "picture", "train/4.jpg", "cut off",
         [](const DataFolder& f) {
             auto bytes = jpeg_bytes();
             std::fill(bytes.end() - 40, bytes.end(), '\0');
             f.write("train/4.jpg", bytes);
         }},
        {"JPEG with a hole", write_pairs, "picture", "train/4.jpg", "damaged inside",
         [](const DataFolder& f) {
             auto bytes = jpeg_bytes();
             std::fill(bytes.end() - 140, bytes.end() - 60, '\0');
             f.write("train/4.jpg", bytes);
         }},
        {"half a JPEG with an end", write_pairs, "picture", "train/4.jpg", "damaged inside",
         [](const DataFolder& f) {
             const auto bytes = jpeg_bytes();
             f.write("train/4.jpg", bytes.substr(0, bytes.size() - 30) + bytes.substr(bytes.size() - 2));
         }},
        {"not twice as wide", write_pairs, "picture", "train/2.png", "12 × 8",
         [](const DataFolder& f) { f.write("train/2.png", flat(12, 8, red)); }},
        {"two sizes in a pair", write_camvid, "labels", "trainannot/b.png", "12 × 8",
         [](const DataFolder& f) { f.write("trainannot/b.png", flat_ids(12, 8, 0)); }},
        {"16 bits", write_camvid, "labels", "trainannot/b.png", "8 bits",
         [](const DataFolder& f) {
             f.write("trainannot/b.png", flat_ids(24, 16, 0).convertToFormat(QImage::Format_Grayscale16));
         }},
        {"colours among ids", write_camvid, "labels", "trainannot/b.png", "holds colours",
         [](const DataFolder& f) { f.write("trainannot/b.png", flat(24, 16, red)); }},
        {"ids among colours", write_colours, "labels", "labels/c.png", "holds class ids",
         [](const DataFolder& f) { f.write("labels/c.png", flat_ids(16, 16, 1)); }},
        {"a JPEG as label map", write_colours, "labels", "labels/c.jpg", "JPEG",
         [](const DataFolder& f) {
             f.remove("labels/c.png");
             f.write("labels/c.jpg", flat(16, 16, red));
         }},
        {"an id beyond the class file", write_camvid, "labels", "trainannot/b.png",
         "class id 12 at x 3, y 2, which is none of the 12 classes",
         [](const DataFolder& f) {
             write_twelve_classes(f);
             f.write("trainannot/b.png", ids(24, 16, [](int x, int y) { return y * 24 + x >= 51 ? 12 : 0; }));
         }},
        {"a colour that the class file lacks", write_colours, "labels", "labels/c.png",
         "colour #000001 at x 15, y 0",
         [](const DataFolder& f) {
             f.write("classes.txt", std::string("Left 255 0 0\nRight #00ff00\nGround 0 0 0\n"));
             f.write("labels/c.png", picture(16, 16, [](int x, int) { return Rgb{0, 0, byte(x / 15)}; }));
         }},
        {"an id that Cityscapes lacks", write_cityscapes, "labels",
         "gtFine/train/ulm/ulm_0_1_gtFine_labelIds.png", "class id 40 at x 0, y 0",
         [](const DataFolder& f) {
             f.write("gtFine/train/ulm/ulm_0_1_gtFine_labelIds.png", flat_ids(68, 8, 40));
         }},
        {"Cityscapes photo without labels", write_cityscapes, "labels",
         "leftImg8bit/train/ulm/ulm_0_1_leftImg8bit.png", "no label map",
         [](const DataFolder& f) { f.remove("gtFine/train/ulm/ulm_0_1_gtFine_labelIds.png"); }},
        {"CelebA lists what is not there", write_celeba, "inpainting", "list_eval_partition.txt",
         "lacks: 000002.png.", [](const DataFolder& f) { f.remove("img_align_celeba/000002.png"); }},
        {"CelebA does not list what is there", write_celeba, "inpainting", "img_align_celeba",
         "lacks: 000009.png.",
         [](const DataFolder& f) { f.write("img_align_celeba/000009.png", flat(8, 10, red)); }},
        {"CelebA lists a picture twice", write_celeba, "inpainting", "list_eval_partition.txt",
         "more than once: 000002.png.",
         [](const DataFolder& f) {
             f.write("list_eval_partition.txt", f.read("list_eval_partition.txt") + "000002.png 1\n");
         }},
        {"Cityscapes labels without a photo", write_cityscapes, "labels",
         "gtFine/train/ulm/ulm_0_9_gtFine_labelIds.png", "no photo",
         [](const DataFolder& f) {
             f.write("gtFine/train/ulm/ulm_0_9_gtFine_labelIds.png", flat_ids(68, 8, 7));
         }},
        {"colours in the first label map", write_camvid, "labels", "trainannot/a.png", "holds colours",
         [](const DataFolder& f) { f.write("trainannot/a.png", flat(24, 16, red)); }},
        {"two label maps of a name", write_colours, "labels", "labels/c.tif", "has the name of c.png",
         [](const DataFolder& f) { f.write("labels/c.tif", f.read("labels/c.png")); }},
        {"two photos of a name", write_colours, "labels", "images/c.webp", "has the name of c.png",
         [](const DataFolder& f) { f.write("images/c.webp", f.read("images/c.png")); }},
        {"a split without label maps", write_camvid, "labels", "test", "has no label maps",
         [](const DataFolder& f) { f.write("test/a.png", places(24, 16)); }},
        {"a link to nothing", write_pairs, "picture", "train/9.png", "cannot be read",
         [](const DataFolder& f) {
             QVERIFY(QFile::link("nowhere", QString::fromStdString(f.path("train/9.png"))));
         }},
    };
    return list;
}

/// Puts a file or folder elsewhere in the data folder.
void relocate(const DataFolder& folder, const std::string& from, const std::string& to) {
    const auto path = [&](const std::string& name) { return QString::fromStdString(folder.path(name)); };
    QVERIFY(QDir().mkpath(QFileInfo(path(to)).path()) && QDir().rename(path(from), path(to)));
}

void write_celeba_as_downloaded(const DataFolder& folder) {
    write_celeba(folder);
    relocate(folder, "img_align_celeba", "Img/img_align_celeba");
    relocate(folder, "list_eval_partition.txt", "Eval/list_eval_partition.txt");
    folder.write("Anno/list_attr_celeba.txt", std::string("8\n"));
}

/// Photos and label maps of a folder as others name them.
void write_colours_as(const DataFolder& folder, const std::string& photos, const std::string& labels,
                      const std::string& ending) {
    write_colours(folder);
    for (const std::string name : {"a", "b", "c", "d"})
        relocate(folder, "labels/" + name + ".png", "maps/" + name + ending + ".png");
    relocate(folder, "images", "pictures");
    relocate(folder, "pictures", photos);
    QVERIFY(QDir().rmdir(QString::fromStdString(folder.path("labels"))));
    relocate(folder, "maps", labels);
}

void write_named(const DataFolder& folder, const std::string& name) {
    if (name == "celeba as downloaded") write_celeba_as_downloaded(folder);
    if (name == "camvid as distributed")
        write_colours_as(folder, "701_StillsRaw_full", "LabeledApproved_full", "_L");
    if (name == "camvid of fast.ai") write_colours_as(folder, "images", "labels", "_P");
    if (name == "pairs") write_pairs(folder);
    if (name == "cityscapes") write_cityscapes(folder);
    if (name == "camvid") write_camvid(folder);
    if (name == "colours") write_colours(folder);
    if (name == "celeba") write_celeba(folder);
    if (name == "photos by class") {
        write_photos(folder, "train/cats/", 2);
        write_photos(folder, "train/dogs/", 2);
        write_photos(folder, "val/dogs/", 2);
    }
    if (name == "photos by thousands") {
        write_photos(folder, "00000/", 5);
        write_photos(folder, "01000/", 5);
    }
    if (name != "photos") return;
    write_photos(folder, "train/", 4);
    write_photos(folder, "val/", 2);
}

}  // namespace

class FoldersTest : public QObject {
    Q_OBJECT

private slots:
    void layouts_are_told_apart_data();
    void layouts_are_told_apart();
    void folders_without_data_are_refused();
    void a_folder_that_cannot_be_listed_is_named();
    void photos_twice_as_wide_are_pairs_only_in_split_folders();
    void other_even_widths_are_pairs_if_the_task_says_so();
    void every_tenth_is_set_aside();
    void celeba_follows_its_list();
    void a_bad_line_of_a_list_is_only_itself();
    void hidden_files_do_not_count();

    void bad_files_are_named_data();
    void bad_files_are_named();
    void nothing_usable_is_refused();
    void a_file_that_cannot_be_read_is_named();
    void a_probed_file_that_cannot_be_read_is_only_bad();
    void whole_jpegs_are_good();
    void checking_can_be_stopped();

    void real_folders_are_usable_data();
    void real_folders_are_usable();
};

void FoldersTest::layouts_are_told_apart_data() {
    QTest::addColumn<FolderLayout>("layout");
    QTest::addColumn<int>("train");
    QTest::addColumn<int>("val");
    QTest::newRow("pairs") << FolderLayout::pairs << 3 << 3;
    QTest::newRow("cityscapes") << FolderLayout::cityscapes << 2 << 1;
    QTest::newRow("camvid") << FolderLayout::labels << 2 << 2;
    QTest::newRow("colours") << FolderLayout::labels << 3 << 1;
    QTest::newRow("camvid as distributed") << FolderLayout::labels << 3 << 1;
    QTest::newRow("camvid of fast.ai") << FolderLayout::labels << 3 << 1;
    QTest::newRow("celeba") << FolderLayout::celeba << 5 << 2;
    QTest::newRow("celeba as downloaded") << FolderLayout::celeba << 5 << 2;
    QTest::newRow("photos") << FolderLayout::photos << 4 << 2;
    QTest::newRow("photos by class") << FolderLayout::photos << 4 << 2;
    QTest::newRow("photos by thousands") << FolderLayout::photos << 9 << 1;
}

void FoldersTest::layouts_are_told_apart() {
    QFETCH(FolderLayout, layout);
    QFETCH(int, train);
    QFETCH(int, val);
    const DataFolder folder;
    write_named(folder, QTest::currentDataTag());
    const auto report = check_folder(folder.path() + "/");
    QCOMPARE(report.layout, layout);
    QCOMPARE(split_of(report, "train")->count, train);
    QCOMPARE(split_of(report, "val")->count, val);
    QVERIFY(report.bad.empty());
    QCOMPARE(report.palette.empty(), report.class_shares.empty());
    QVERIFY(!tasks_of(layout).empty() && !name_of(layout).empty());
}

void FoldersTest::folders_without_data_are_refused() {
    const DataFolder folder;
    const auto missing = error_of([&] { check_folder(folder.path("nowhere")); });
    QVERIFY2(says(missing, folder.path("nowhere")), missing.c_str());
    folder.write("notes.txt", std::string("nothing"));
    folder.write("train/readme.txt", std::string("nothing"));
    const auto error = error_of([&] { check_folder(folder.path()); });
    for (const char* part : {"val/", "gtFine/", "trainannot/", "list_eval_partition.txt"})
        QVERIFY2(says(error, part), error.c_str());
    QVERIFY(says(error, folder.path()));
    QCOMPARE(error, error_of([&] { open_folder(data_of(folder, "labels"), 1); }));
    QVERIFY(!error_of([&] { check_folder(folder.path("notes.txt")); }).empty());
}

void FoldersTest::a_folder_that_cannot_be_listed_is_named() {
    const DataFolder folder;
    write_photos(folder, "", 3);
    const auto ring = folder.path("train");  // a link to itself
    QVERIFY(QFile::link(QString::fromStdString(ring), QString::fromStdString(ring)));
    const auto error = error_of([&] { check_folder(folder.path()); });
    QVERIFY2(says(error, ring + " cannot be listed"), error.c_str());
}

void FoldersTest::photos_twice_as_wide_are_pairs_only_in_split_folders() {
    const DataFolder folder;
    for (const std::string name : {"1.png", "2.png"}) folder.write(name, flat(16, 8, red));
    QCOMPARE(check_folder(folder.path()).layout, FolderLayout::photos);
}

void FoldersTest::other_even_widths_are_pairs_if_the_task_says_so() {
    const DataFolder folder;
    for (const std::string name : {"train/1.png", "val/1.png"})
        folder.write(name, picture(12, 10, [](int x, int) { return x < 6 ? red : green; }));
    folder.write("train/2.png", flat(11, 10, red));
    QCOMPARE(check_folder(folder.path()).layout, FolderLayout::photos);
    const auto source = open_folder(data_of(folder, "picture", 4), 1);
    for (int i = 0; i < 4; ++i) {
        QVERIFY(source->pair(Split::train, i).x.picture == flat(4, 4, red));
        QVERIFY(source->pair(Split::train, i).y == flat(4, 4, green));
    }
    QCOMPARE(source->bad_files().size(), std::size_t{1});
    QVERIFY(says(source->bad_files()[0].problem, "even width"));
}

void FoldersTest::every_tenth_is_set_aside() {
    const DataFolder folder;
    write_photos(folder, "", 21);
    const auto report = check_folder(folder.path());
    QCOMPARE(split_of(report, "train")->count, 18);
    QCOMPARE(split_of(report, "val")->count, 3);
    QVERIFY(split_of(report, "val")->set_aside && !split_of(report, "train")->set_aside);
    const auto source = open_folder(data_of(folder, "inpainting"), 1);
    for (const auto split : {Split::validation, Split::held_out})
        QCOMPARE(sorted(reds(*source, split, 0, 3)), (std::vector{0, 100, 200}));
    auto rest = numbers(0, 10, 21);
    std::erase_if(rest, [](int value) { return value % 100 == 0; });
    for (const auto split : {Split::train, Split::predictor})
        QCOMPARE(sorted(reds(*source, split, 0, 18)), rest);
}

void FoldersTest::celeba_follows_its_list() {
    const DataFolder folder;
    write_celeba(folder);
    const auto report = check_folder(folder.path());
    QCOMPARE(split_of(report, "test")->count, 1);
    QCOMPARE(split_of(report, "train")->sizes, (std::map<std::string, int>{{"8 × 10", 5}}));
    const auto source = open_folder(data_of(folder, "super-resolution"), 1);
    QCOMPARE(sorted(reds(*source, Split::train, 0, 5)), (std::vector{0, 10, 20, 30, 40}));
    QCOMPARE(sorted(reds(*source, Split::validation, 0, 2)), (std::vector{50, 60}));
}

void FoldersTest::a_bad_line_of_a_list_is_only_itself() {
    for (const std::string line : {"000001.png", "000001.png 3", "000001.png x"}) {
        const DataFolder folder;
        write_celeba(folder);
        const auto list = folder.read("list_eval_partition.txt");
        folder.write("list_eval_partition.txt", line + "\n" + list);
        const auto report = check_folder(folder.path());
        QCOMPARE(split_of(report, "train")->count, 5);
        QCOMPARE(report.bad.size(), 1);
        QVERIFY2(says(report.bad[0].problem, "line 1: " + line), report.bad[0].problem.c_str());
    }
}

void FoldersTest::hidden_files_do_not_count() {
    const DataFolder folder;
    write_photos(folder, "", 3);
    folder.write("._00.png", std::string("left behind by another system"));
    folder.write("notes.txt", std::string("nothing"));
    folder.write("more/00.png", flat(8, 8, red));
    const auto report = check_folder(folder.path());
    QCOMPARE(split_of(report, "train")->count + split_of(report, "val")->count, 3);
    QVERIFY(report.bad.empty());
}

void FoldersTest::bad_files_are_named_data() {
    QTest::addColumn<int>("number");
    for (int i = 0; i < static_cast<int>(damages().size()); ++i) QTest::newRow(damages()[i].name) << i;
}

void FoldersTest::bad_files_are_named() {
    QFETCH(int, number);
    const auto& damage = damages()[number];
    const DataFolder folder;
    damage.write_good(folder);
    QVERIFY(check_folder(folder.path()).bad.empty());
    damage.harm(folder);
    const auto report = check_folder(folder.path());
    QCOMPARE(report.bad.size(), std::size_t{1});
    QCOMPARE(report.bad[0].path, folder.path(damage.file));
    QVERIFY2(says(report.bad[0].problem, damage.problem), report.bad[0].problem.c_str());
    QVERIFY(report.bad[0].problem.ends_with('.'));

    const auto source = open_folder(data_of(folder, damage.task, 4), 1);
    for (int i = 0; i < 8; ++i) QCOMPARE(source->pair(Split::train, i).y.width, 4);
    QVERIFY(source->bad_files() == report.bad);
}

void FoldersTest::nothing_usable_is_refused() {
    const DataFolder folder;
    write_photos(folder, "train/", 3);
    write_photos(folder, "val/", 3);
    for (const std::string name : {"val/00.png", "val/01.png", "val/02.png"})
        folder.write(name, std::string());
    const auto error = error_of([&] { open_folder(data_of(folder, "inpainting"), 1); });
    QVERIFY2(says(error, folder.path("val/00.png")) && says(error, "is empty"), error.c_str());
    const auto report = check_folder(folder.path());
    QCOMPARE(split_of(report, "val")->count, 0);
    QCOMPARE(report.bad.size(), std::size_t{3});
}

/// Nor is it taken for one that is empty or cut off.
void FoldersTest::a_file_that_cannot_be_read_is_named() {
    const DataFolder folder;
    write_photos(folder, "", 3);
    QVERIFY(QFile::link("/proc/self/mem", QString::fromStdString(folder.path("x.png"))));
    const auto report = check_folder(folder.path());
    QCOMPARE(report.bad.size(), std::size_t{1});
    QCOMPARE(report.bad[0].path, folder.path("x.png"));
    QVERIFY2(says(report.bad[0].problem, "cannot be read now"), report.bad[0].problem.c_str());
}

/// Some files are looked at to tell the layout.
void FoldersTest::a_probed_file_that_cannot_be_read_is_only_bad() {
    const DataFolder folder;
    write_photos(folder, "train/", 3);
    write_photos(folder, "val/", 1);
    QVERIFY(QFile::link("/proc/self/mem", QString::fromStdString(folder.path("train/x.png"))));
    const auto report = check_folder(folder.path());
    QCOMPARE(report.bad.size(), std::size_t{1});
    QCOMPARE(report.bad[0].path, folder.path("train/x.png"));
}

void FoldersTest::whole_jpegs_are_good() {
    const DataFolder folder;
    folder.write("1.jpg", jpeg_bytes());
    folder.write("2.jpeg", with_thumbnail(jpeg_bytes()));
    folder.write("3.JPG", jpeg_bytes() + std::string(100, '\0'));
    const auto jpeg = jpeg_bytes();
    const auto end = jpeg.size() - 2;  // cameras pad before the last marker
    folder.write("4.jpg", jpeg.substr(0, end) + std::string(9, '\0') + jpeg.substr(end));
    const auto report = check_folder(folder.path());
    QVERIFY(report.bad.empty());
    QCOMPARE(split_of(report, "train")->count + split_of(report, "val")->count, 4);
}

void FoldersTest::checking_can_be_stopped() {
    const DataFolder folder;
    write_pairs(folder);
    std::vector<double> shares;
    const auto report = check_folder(folder.path(), [&](double share) {
        shares.push_back(share);
        return shares.size() < 2;
    });
    QCOMPARE(shares.size(), std::size_t{2});
    QCOMPARE(split_of(report, "train")->count, 2);
    QVERIFY(!split_of(report, "val"));
    check_folder(folder.path(), [&](double share) {
        shares.push_back(share);
        return true;
    });
    QCOMPARE(shares.size(), std::size_t{8});
    QCOMPARE(shares.back(), 1.0);
    QVERIFY(std::ranges::is_sorted(shares.begin() + 2, shares.end()));
}

void FoldersTest::real_folders_are_usable_data() {
    QTest::addColumn<QString>("task");
    QTest::addColumn<FolderLayout>("layout");
    QTest::newRow("facades") << "picture" << FolderLayout::pairs;
    QTest::newRow("roads") << "picture" << FolderLayout::pairs;
    QTest::newRow("cityscapes") << "labels" << FolderLayout::cityscapes;
    QTest::newRow("camvid") << "labels" << FolderLayout::labels;
    QTest::newRow("celeba") << "super-resolution" << FolderLayout::celeba;
}

/// With MODESCOPE_DATA naming the folder that holds the sets.
void FoldersTest::real_folders_are_usable() {
    QFETCH(QString, task);
    QFETCH(FolderLayout, layout);
    const auto folder = qEnvironmentVariable("MODESCOPE_DATA") + "/" + QTest::currentDataTag();
    if (qEnvironmentVariableIsEmpty("MODESCOPE_DATA") || !QDir(folder).exists())
        QSKIP("Set MODESCOPE_DATA to the folder that holds the data sets.");
    const auto report = check_folder(folder.toStdString());
    QCOMPARE(report.layout, layout);
    QVERIFY(report.bad.empty());
    QVERIFY(report.palette.empty() ||
            std::abs(std::accumulate(report.class_shares.begin(), report.class_shares.end(), 0.0) - 1) <
                1e-9);
    Spec spec;
    spec.data.task = task.toStdString();
    adopt_folder(spec, folder.toStdString());
    QCOMPARE(spec.data.classes, to_text(report.palette));
    const auto source = open_folder(spec.data, 1);
    for (const auto split : {Split::train, Split::predictor, Split::validation, Split::held_out})
        QCOMPARE(source->pair(split, 3).y.width, 64);
}

std::unique_ptr<QObject> folders_test() { return std::make_unique<FoldersTest>(); }

}  // namespace modescope

#include "folders_test.moc"
