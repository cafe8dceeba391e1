// The pairs that come out of a folder: their order, crops, mirroring and labels.
#include <QDir>
#include <cmath>
#include <future>
#include <map>
#include <memory>
#include <set>

#include "core/tasks/condition.h"
#include "tests/data_folder.h"
#include "tests/error_of.h"

namespace modescope {

class FolderPairsTest : public QObject {
    Q_OBJECT

private slots:
    void every_epoch_is_a_new_permutation_data();
    void every_epoch_is_a_new_permutation();
    void pairs_depend_on_seed_split_and_index_only();
    void threads_see_the_same_pairs();
    void direction_says_which_half_is_the_condition();
    void validation_is_cut_from_the_centre();
    void random_crops_move_and_keep_labels_aligned();
    void scaled_labels_stay_aligned();
    void half_of_the_training_is_mirrored();
    void large_jpegs_keep_their_place();
    void large_jpegs_stay_sharp();
    void load_below_size_is_refused();
    void held_out_pairs_are_counted();
    void the_classes_are_told();
    void other_tasks_derive_their_condition();
    void a_hole_ends_with_the_picture();
    void a_good_file_takes_the_place_of_a_bad_one();
    void a_file_that_was_away_is_not_bad();
    void a_file_that_is_gone_stops_nothing_but_itself();
    void cityscapes_ids_become_training_classes();
};

void FolderPairsTest::every_epoch_is_a_new_permutation_data() {
    QTest::addColumn<int>("count");
    for (const int count : {1, 2, 3, 4, 5, 8, 17}) QTest::addRow("%d files", count) << count;
}

void FolderPairsTest::every_epoch_is_a_new_permutation() {
    QFETCH(int, count);
    const DataFolder folder;
    write_photos(folder, "train/", count);
    write_photos(folder, "val/", 1);
    const auto source = open_folder(data_of(folder, "inpainting"), 7);
    std::set<std::vector<int>> train, predictor;
    for (int epoch = 0; epoch < 40; ++epoch) {
        train.insert(reds(*source, Split::train, epoch * count, count));
        predictor.insert(reds(*source, Split::predictor, epoch * count, count));
        QCOMPARE(sorted(reds(*source, Split::train, epoch * count, count)), numbers(0, 10, count));
    }
    const std::size_t orders = count == 1 ? 1 : count == 2 ? 2 : count == 3 ? 6 : count == 4 ? 16 : 30;
    QVERIFY2(train.size() >= orders, std::to_string(train.size()).c_str());
    QVERIFY(count < 4 || train != predictor);
}

void FolderPairsTest::pairs_depend_on_seed_split_and_index_only() {
    const DataFolder folder;
    write_photos(folder, "train/", 12);
    write_photos(folder, "val/", 6);
    const auto data = data_of(folder, "inpainting");
    const auto one = open_folder(data, 5), same = open_folder(data, 5), other = open_folder(data, 6);
    int different = 0;
    for (const auto split : {Split::train, Split::predictor, Split::validation, Split::held_out})
        for (const int index : {23, 0, 1'000'000, 5, 0}) {
            const auto pair = one->pair(split, index), again = same->pair(split, index);
            QVERIFY(pair.x == again.x && pair.y == again.y);
            different += !(pair.x == other->pair(split, index).x);
        }
    QVERIFY(different > 10);
}

void FolderPairsTest::threads_see_the_same_pairs() {
    const DataFolder folder;
    write_camvid(folder);
    folder.write("trainannot/c.png", flat_ids(24, 16, 99));
    folder.write("train/c.png", flat(24, 16, red));
    auto data = data_of(folder, "labels");
    data.load = 12;
    data.flip = true;
    const auto alone = open_folder(data, 2), shared = open_folder(data, 2);
    std::vector<Pair> expected;
    for (int i = 0; i < 60; ++i) expected.push_back(alone->pair(Split::train, i));
    const auto agrees = [&] {
        for (int i = 0; i < 60; ++i) {
            const auto pair = shared->pair(Split::train, i);
            if (!(pair.x == expected[i].x && pair.y == expected[i].y)) return false;
        }
        return true;
    };
    std::vector<std::future<bool>> threads;
    for (int i = 0; i < 4; ++i) threads.push_back(std::async(std::launch::async, agrees));
    for (auto& thread : threads) QVERIFY(thread.get());
    QVERIFY(shared->bad_files() == alone->bad_files());
}

void FolderPairsTest::direction_says_which_half_is_the_condition() {
    const DataFolder folder;
    write_pairs(folder);
    auto data = data_of(folder, "picture");
    QVERIFY(open_folder(data, 1)->pair(Split::train, 0).x.picture == flat(8, 8, {200, 0, 0}));
    QVERIFY(open_folder(data, 1)->pair(Split::train, 0).y == flat(8, 8, {0, 0, 200}));
    data.direction = "b-to-a";
    QVERIFY(open_folder(data, 1)->pair(Split::train, 0).x.picture == flat(8, 8, {0, 0, 200}));
    QVERIFY(open_folder(data, 1)->pair(Split::train, 0).y == flat(8, 8, {200, 0, 0}));
}

void FolderPairsTest::validation_is_cut_from_the_centre() {
    const DataFolder folder;
    write_camvid(folder);  // 24 × 16
    auto data = data_of(folder, "labels", 16);
    data.flip = true;
    const auto square = open_folder(data, 1)->pair(Split::validation, 0);
    QVERIFY(square.y == picture(16, 16, [](int x, int y) { return Rgb{byte(x + 4), byte(y), 0}; }));
    data.size = 8;
    data.load = 16;
    for (int i = 0; i < 6; ++i) {
        const auto centre = open_folder(data, i)->pair(Split::held_out, i);
        QVERIFY(centre.y == picture(8, 8, [](int x, int y) { return Rgb{byte(x + 8), byte(y + 4), 0}; }));
    }
}

void FolderPairsTest::random_crops_move_and_keep_labels_aligned() {
    const DataFolder folder;
    write_camvid(folder);
    auto data = data_of(folder, "labels", 8);
    data.load = 16;  // no scaling: every pixel still says where it is
    data.flip = true;
    const auto source = open_folder(data, 1);
    std::set<int> lefts, tops;
    for (int i = 0; i < 200; ++i) {
        const auto pair = source->pair(Split::train, i);
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 8; ++x) QCOMPARE(int(pair.x.labels.at(x, y)), pair.y.at(x, y, 0) / 2);
        lefts.insert(std::min(pair.y.at(0, 0, 0), pair.y.at(7, 0, 0)));
        tops.insert(pair.y.at(0, 0, 1));
    }
    QCOMPARE(lefts.size(), std::size_t{17});
    QCOMPARE(tops.size(), std::size_t{9});
}

void FolderPairsTest::scaled_labels_stay_aligned() {
    const DataFolder folder;
    const auto inside = [](int x, int y) { return std::hypot(x - 40, y - 30) < 20; };
    folder.write("images/a.png", picture(90, 60, [&](int x, int y) {
                     return inside(x, y) ? Rgb{255, 255, 255} : black;
                 }));
    folder.write("labels/a.png", ids(90, 60, [&](int x, int y) { return inside(x, y); }));
    for (const int load : {0, 25, 28, 97}) {
        auto data = data_of(folder, "labels", 24);
        data.load = load;
        const auto source = open_folder(data, 1);
        int off = 0;
        for (int i = 0; i < 10; ++i) {
            const auto pair = source->pair(Split::train, i);
            // Only where a pixel is a mean of both can the nearest label be the smaller part.
            for (std::size_t p = 0; p < pair.x.labels.data.size(); ++p)
                off += std::abs(pair.y.data[3 * p] - 255 * pair.x.labels.data[p]) > 190;
        }
        QVERIFY2(off <= 2, std::to_string(off).c_str());
    }
}

void FolderPairsTest::half_of_the_training_is_mirrored() {
    const DataFolder folder;
    write_camvid(folder);
    auto data = data_of(folder, "labels", 16);
    const auto mirrored = [](const Pair& pair) { return pair.y.at(0, 0, 0) > pair.y.at(15, 0, 0); };
    const auto count = [&](Split split) {
        const auto source = open_folder(data, 1);
        int found = 0;
        for (int i = 0; i < 400; ++i) found += mirrored(source->pair(split, i));
        return found;
    };
    QCOMPARE(count(Split::train), 0);
    data.flip = true;
    QVERIFY(count(Split::train) > 150 && count(Split::train) < 250);
    QCOMPARE(count(Split::validation) + count(Split::held_out), 0);
}

/// Large enough to be decoded at a fraction of their size.
void FolderPairsTest::large_jpegs_keep_their_place() {
    const DataFolder pairs, labels;
    const auto slope = [](int x, int y) { return Rgb{byte(x % 512 / 2), byte(y / 2), 100}; };
    pairs.write("train/1.jpg", picture(1024, 512, slope));
    labels.write("images/1.jpg", picture(512, 512, slope));
    labels.write("labels/1.png", ids(512, 512, [](int x, int y) { return x / 64 + 8 * (y / 64); }));
    const auto pair = open_folder(data_of(pairs, "picture", 32), 1)->pair(Split::validation, 0);
    const auto labelled = open_folder(data_of(labels, "labels", 32), 1)->pair(Split::validation, 0);
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x) {
            for (const auto& image : {pair.x.picture, pair.y, labelled.y}) {
                QVERIFY(std::abs(image.at(x, y, 0) - (8 * x + 3.75)) < 4);
                QVERIFY(std::abs(image.at(x, y, 1) - (8 * y + 3.75)) < 4);
            }
            QCOMPARE(int(labelled.x.labels.at(x, y)), x / 4 + 8 * (y / 4));
        }
}

void FolderPairsTest::large_jpegs_stay_sharp() {
    const DataFolder folder;
    folder.write("1.jpg", picture(512, 512, [](int x, int) {
                     return x / 16 % 2 ? Rgb{255, 255, 255} : black;
                 }));
    for (const int size : {64, 128, 256}) {
        const auto stripes = open_folder(data_of(folder, "inpainting", size), 1)->pair(Split::train, 0).y;
        for (int x = 0; x < size; ++x) {
            const int expected = x * 512 / size / 16 % 2 ? 255 : 0;
            QVERIFY2(std::abs(stripes.at(x, size / 2) - expected) < 12, std::to_string(x).c_str());
        }
    }
}

void FolderPairsTest::load_below_size_is_refused() {
    const DataFolder folder;
    write_pairs(folder);
    auto data = data_of(folder, "picture");
    data.load = 7;
    QVERIFY(says(error_of([&] { open_folder(data, 1); }), "data.load 7"));
}

void FolderPairsTest::held_out_pairs_are_counted() {
    const DataFolder folder, whole;
    write_photos(folder, "train/", 5);
    write_photos(folder, "val/", 3);
    const auto source = open_folder(data_of(folder, "inpainting"), 7);
    QCOMPARE(source->held_out_count(), std::int64_t{3});
    QCOMPARE(sorted(reds(*source, Split::held_out, 0, 3)), numbers(0, 10, 3));
    write_photos(whole, "", 12);  // of which every tenth is set aside
    QCOMPARE(open_folder(data_of(whole, "inpainting"), 7)->held_out_count(), std::int64_t{2});
}

void FolderPairsTest::the_classes_are_told() {
    const DataFolder labelled, pairs;
    write_camvid(labelled);
    write_pairs(pairs);
    auto data = data_of(labelled, "labels");
    QVERIFY(open_folder(data, 1)->classes() == camvid_palette());
    auto other = camvid_palette();
    other.front().colour = {1, 2, 3};
    data.classes = to_text(other);
    QVERIFY(open_folder(data, 1)->classes() == other);
    QVERIFY(open_folder(data_of(pairs, "picture"), 1)->classes().empty());
}

void FolderPairsTest::other_tasks_derive_their_condition() {
    const DataFolder folder;
    for (int i = 0; i < 4; ++i) folder.write(std::to_string(i) + ".png", places(16, 20));
    const auto small = open_folder(data_of(folder, "super-resolution", 16), 1)->pair(Split::train, 0);
    QVERIFY(small.x.picture == shrink(small.y, 2));
    const auto source = open_folder(data_of(folder, "inpainting", 16), 1);
    std::set<std::vector<std::uint8_t>> masks;
    for (int i = 0; i < 20; ++i) {
        const auto holed = source->pair(Split::train, i);
        masks.insert(holed.x.mask.data);
        QCOMPARE(holed.x.picture.width, 16);
        QVERIFY(holed.y == picture(16, 16, [](int x, int y) { return Rgb{byte(x), byte(y + 2), 0}; }));
    }
    QVERIFY(masks.size() > 10);
}

void FolderPairsTest::a_hole_ends_with_the_picture() {
    const auto pixels = [](const LabelMap& mask) { return std::ranges::count(mask.data, 1); };
    QCOMPARE(pixels(draw_hole(16, -4, 2, 8, 4)), 16);
    QCOMPARE(pixels(draw_hole(16, 12, 14, 8, 8)), 8);
    Rng rng(1);
    QCOMPARE(draw_hole(16, {.least = 24, .most = 32, .box = 32}, rng).data.size(), std::size_t{256});
}

void FolderPairsTest::a_good_file_takes_the_place_of_a_bad_one() {
    const DataFolder folder;
    write_photos(folder, "train/", 5);
    write_photos(folder, "val/", 1, 9);
    const auto data = data_of(folder, "inpainting");
    const auto whole = reds(*open_folder(data, 3), Split::train, 0, 10);
    folder.write("train/04.png", std::string());
    const auto source = open_folder(data, 3);
    auto expected = whole;
    std::ranges::replace(expected, 40, 0);  // the next by name, from the first again after the last
    QCOMPARE(reds(*source, Split::train, 0, 10), expected);
    QCOMPARE(reds(*source, Split::train, 0, 10), expected);
    QCOMPARE(source->bad_files().size(), std::size_t{1});
}

void FolderPairsTest::a_file_that_was_away_is_not_bad() {
    const DataFolder folder;
    write_photos(folder, "train/", 4);
    write_photos(folder, "val/", 1, 9);
    const auto source = open_folder(data_of(folder, "inpainting"), 3);
    const auto disk = QString::fromStdString(folder.path("train"));
    QVERIFY(QDir().rename(disk, disk + " away"));
    const auto error = error_of([&] { reds(*source, Split::train, 0, 4); });
    QVERIFY2(says(error, folder.path("train/")) && says(error, "cannot be read now"), error.c_str());
    QVERIFY(source->bad_files().empty());
    QVERIFY(QDir().rename(disk + " away", disk));
    QCOMPARE(sorted(reds(*source, Split::train, 0, 4)), numbers(0, 10, 4));
}

void FolderPairsTest::a_file_that_is_gone_stops_nothing_but_itself() {
    const DataFolder folder;
    write_photos(folder, "train/", 4);
    write_photos(folder, "val/", 1, 9);
    const auto source = open_folder(data_of(folder, "inpainting"), 3);
    folder.remove("train/03.png");
    reds(*source, Split::train, 0, 4);
    QCOMPARE(source->bad_files().size(), std::size_t{1});
    QCOMPARE(source->bad_files()[0].path, folder.path("train/03.png"));
}

void FolderPairsTest::cityscapes_ids_become_training_classes() {
    const DataFolder folder;
    write_cityscapes(folder);  // id x / 2, 68 × 8
    auto data = data_of(folder, "labels", 8);
    data.load = 8;
    const std::map<int, int> official{{7, 0},   {8, 1},   {11, 2},  {12, 3},  {13, 4},  {17, 5},  {19, 6},
                                      {20, 7},  {21, 8},  {22, 9},  {23, 10}, {24, 11}, {25, 12}, {26, 13},
                                      {27, 14}, {28, 15}, {31, 16}, {32, 17}, {33, 18}};
    const auto source = open_folder(data, 1);
    std::set<int> seen;
    for (int i = 0; i < 100; ++i) {
        const auto pair = source->pair(Split::train, i);
        for (int x = 0; x < 8; ++x) {
            const int id = pair.y.at(x, 0, 0) / 2;
            const auto found = official.find(id);
            QCOMPARE(int(pair.x.labels.at(x, 0)), found == official.end() ? 19 : found->second);
            seen.insert(id);
        }
    }
    QCOMPARE(seen.size(), std::size_t{34});
    data.classes = "Road #000000";
    QVERIFY(says(error_of([&] { open_folder(data, 1); }), "data.classes"));
}

std::unique_ptr<QObject> folder_pairs_test() { return std::make_unique<FolderPairsTest>(); }

}  // namespace modescope

#include "folder_pairs_test.moc"
