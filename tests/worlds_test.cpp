#include <QtTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/experiments/compare_cases.h"
#include "core/metrics/sample_score.h"
#include "core/metrics/world_score.h"
#include "core/worlds/faces.h"
#include "core/worlds/street.h"
#include "core/worlds/style_reader.h"
#include "core/worlds/world.h"
#include "tests/error_of.h"

Q_DECLARE_METATYPE(const modescope::World*)

namespace modescope {

namespace {

constexpr int size = 64;
constexpr int renderings = 200;

/// As those of faces-inpaint-64 and faces-sr-64.
const TaskSettings inpainting{.task = Task::inpainting, .size = size, .holes = {24, 32, 32, 8}};
const TaskSettings enlarging{.task = Task::super_resolution, .size = size, .scale = 4};

const World& fetched_world() {
    QFETCH_GLOBAL(const World*, world);
    return *world;
}

StyleReader reader(const World& world, const Layout& layout) {
    return {world, layout, all_hidden(world, layout)};
}

Reading read(const World& world, const Layout& layout, const Image& picture) {
    return reader(world, layout).read(picture);
}

Layout layout_number(const World& world, int number) {
    Rng rng = Rng::at(2024, number);
    return world.layout(size, rng);
}

Image flat_picture(const Rgb& colour) {
    Image picture(size, size, 3);
    for (std::size_t k = 0; k < picture.data.size(); ++k) picture.data[k] = colour[k % 3];
    return picture;
}

Image mean_picture(const World& world, const Layout& layout) {
    Rng rng(5);
    const Moments moments = true_moments(world, layout, all_hidden(world, layout), 60, rng);
    Image picture(layout.labels.width, layout.labels.height, 3);
    std::ranges::transform(moments.mean.data, picture.data.begin(),
                           [](float value) { return static_cast<std::uint8_t>(std::lround(255 * value)); });
    return picture;
}

LabelMap random_labels(const World& world, int width, int height) {
    Rng rng(9);
    LabelMap labels(width, height);
    const int count = static_cast<int>(world.classes().size());
    for (std::uint8_t& label : labels.data) label = static_cast<std::uint8_t>(rng.index(count));
    return labels;
}

/// How many renderings were read right, per factor, and in how many it was to be seen.
struct Tally {
    int valid = 0;
    std::vector<int> seen, right;
};

Tally read_renderings(const World& world) {
    const std::size_t factors = world.factors().size();
    Tally tally{0, std::vector<int>(factors), std::vector<int>(factors)};
    for (int i = 0; i < renderings; ++i) {
        Rng rng = Rng::at(77, i);
        const Layout layout = world.layout(size, rng);
        const Style style = world.draw_style(rng);
        const Reading reading = read(world, layout, world.render(layout, style, rng));
        tally.valid += reading.valid;
        for (std::size_t f = 0; f < factors; ++f) {
            tally.seen[f] += reading.values[f] >= 0;
            tally.right[f] += reading.values[f] == style[f];
        }
    }
    return tally;
}

/// What the open skin of a face says of its truth; nothing if there is little of it.
struct Skin {
    double deviation = 0;           ///< mean true σ, blue, which no skin cuts off
    std::array<double, 3> error{};  ///< mean of μ − y, whose grain is averaged out
};

std::optional<Skin> open_skin(const Example& example, const Moments& moments) {
    const auto deciders = faces_world().deciders(example.layout);
    const auto& classes = faces_world().classes();
    const auto label = std::ranges::find(classes, "skin", &LabelClass::id) - classes.begin();
    Skin skin;
    int count = 0;
    for (std::size_t i = 0; i < deciders.data.size(); ++i) {
        if (example.layout.labels.data[i] != label || deciders.data[i] != no_factor) continue;
        if (!example.pair.x.mask.empty() && !example.pair.x.mask.data[i]) continue;
        ++count;
        skin.deviation += moments.deviation.data[3 * i + 2];
        for (std::size_t c = 0; c < 3; ++c)
            skin.error[c] += moments.mean.data[3 * i + c] - example.pair.y.data[3 * i + c] / 255.0;
    }
    if (count < 50) return {};
    skin.deviation /= count;
    for (double& error : skin.error) error /= count;
    return skin;
}

double largest_mean_difference(const Image& a, const Image& b) {
    std::array<double, 3> sums{};
    for (std::size_t k = 0; k < a.data.size(); ++k) sums[k % 3] += a.data[k] - b.data[k];
    double largest = 0;
    for (double sum : sums) largest = std::max(largest, std::abs(sum));
    return largest / (255.0 * a.width * a.height);
}

}  // namespace

class WorldsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase_data();

    void tablesAreWellFormed();
    void stylesFollowTheirProbabilities();
    void sameSeedGivesSamePixels();
    void layoutsOfAnySizeUseKnownClasses();
    void paintedMapsCanBeRendered();
    void renderingsAreReadBack();
    void manyPicturesAreReadAsOne();
    void flatPictureIsNotValid();
    void meanPictureIsNotValid();
    void momentsDescribeRenderings();
    void whatAHoleLeavesIsCertain();
    void smallPictureStaysAsItIs();
    void labelsGetTheirColours();
    void unknownWorldIsNamed();

    void streetHidesWhatIsNotThere();
    void streetTimesDifferInEveryClass();
    void onlyWhatIsThereIsHidden();
    void scaleThatHidesNothingIsNamed();
    void holesThatHideNothingAreNamed();
    void facesAreAlignedByTheEyes();
    void facesKeepTheirColours();
};

void WorldsTest::initTestCase_data() {
    QTest::addColumn<const World*>("world");
    for (const World* world : worlds()) QTest::newRow(world->id().c_str()) << world;
}

void WorldsTest::tablesAreWellFormed() {
    const World& world = fetched_world();
    std::set<std::string> ids;
    for (const LabelClass& label : world.classes()) ids.insert(label.id);
    QCOMPARE(ids.size(), world.classes().size());
    for (const Factor& factor : world.factors()) {
        QCOMPARE(factor.values.size(), factor.probabilities.size());
        double total = 0;
        for (double probability : factor.probabilities) total += probability;
        QVERIFY(std::abs(total - 1) < 1e-9);
    }
}

void WorldsTest::stylesFollowTheirProbabilities() {
    const World& world = fetched_world();
    constexpr int draws = 6000;
    Rng rng(3);
    std::vector<std::vector<int>> counts;
    for (const Factor& factor : world.factors()) counts.emplace_back(factor.values.size());
    for (int i = 0; i < draws; ++i) {
        const Style style = world.draw_style(rng);
        for (std::size_t f = 0; f < style.size(); ++f) ++counts[f].at(style[f]);
    }
    for (std::size_t f = 0; f < counts.size(); ++f) {
        for (std::size_t value = 0; value < counts[f].size(); ++value) {
            const double share = static_cast<double>(counts[f][value]) / draws;
            QVERIFY(std::abs(share - world.factors()[f].probabilities[value]) < 0.03);
        }
    }
}

void WorldsTest::sameSeedGivesSamePixels() {
    const World& world = fetched_world();
    const auto draw = [&](std::uint64_t seed) {
        Rng rng(seed);
        const Layout layout = world.layout(size, rng);
        return world.render(layout, world.draw_style(rng), rng);
    };
    QVERIFY(draw(1) == draw(1));
    QVERIFY(!(draw(1) == draw(2)));
}

void WorldsTest::layoutsOfAnySizeUseKnownClasses() {
    const World& world = fetched_world();
    for (int side : {16, 31, 64, 128}) {
        Rng rng(side);
        const Layout layout = world.layout(side, rng);
        QCOMPARE(layout.labels.width, side);
        QCOMPARE(layout.labels.height, side);
        QVERIFY(std::ranges::max(layout.labels.data) < world.classes().size());
    }
}

void WorldsTest::paintedMapsCanBeRendered() {
    const World& world = fetched_world();
    if (!world.paintable()) return;
    for (const auto& [width, height] : {std::pair(64, 64), std::pair(80, 48), std::pair(1, 1)}) {
        const LabelMap labels = random_labels(world, width, height);
        Rng rng(1);
        const Style style = world.draw_style(rng);
        const Image picture = world.render(labels, style, rng);
        QCOMPARE(picture.width, width);
        QCOMPARE(picture.height, height);
        QVERIFY(read(world, labels, picture).valid);
    }
}

void WorldsTest::renderingsAreReadBack() {
    const World& world = fetched_world();
    const Tally tally = read_renderings(world);
    QVERIFY(tally.valid >= 0.98 * renderings);
    for (std::size_t f = 0; f < tally.seen.size(); ++f) {
        QVERIFY2(tally.seen[f] >= 0.3 * renderings, world.factors()[f].id.c_str());
        QVERIFY2(tally.right[f] >= 0.97 * tally.seen[f], world.factors()[f].id.c_str());
    }
}

void WorldsTest::manyPicturesAreReadAsOne() {
    const World& world = fetched_world();
    const Layout layout = layout_number(world, 0);
    Rng rng(4);
    std::vector<Image> pictures;
    for (int i = 0; i < 5; ++i) pictures.push_back(world.render(layout, world.draw_style(rng), rng));
    const std::vector<Reading> readings = read_all(reader(world, layout), pictures);
    QCOMPARE(readings.size(), pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const Reading alone = read(world, layout, pictures[i]);
        QVERIFY(readings[i].values == alone.values);
        QCOMPARE(readings[i].match, alone.match);
    }
}

void WorldsTest::flatPictureIsNotValid() {
    const World& world = fetched_world();
    const std::vector<Image> flat = {flat_picture({128, 128, 128}), flat_picture({0, 0, 0}),
                                     flat_picture({32, 48, 64}), flat_picture({112, 96, 96}),
                                     flat_picture({255, 255, 255})};
    for (int i = 0; i < renderings; ++i) {
        for (const Reading& reading : read_all(reader(world, layout_number(world, i)), flat))
            QVERIFY(!reading.valid);
    }
}

void WorldsTest::meanPictureIsNotValid() {
    const World& world = fetched_world();
    for (int i = 0; i < 20; ++i) {
        const Layout layout = layout_number(world, i);
        QVERIFY(!read(world, layout, mean_picture(world, layout)).valid);
    }
}

void WorldsTest::momentsDescribeRenderings() {
    const World& world = fetched_world();
    const Layout layout = layout_number(world, 0);
    Rng rng(6), same(6);
    const Moments single = true_moments(world, layout, all_hidden(world, layout), 1, rng);
    const Image picture = world.render(layout, world.draw_style(same), same);
    for (std::size_t k = 0; k < picture.data.size(); ++k) {
        QVERIFY(std::abs(single.mean.data[k] - picture.data[k] / 255.0) < 1e-6);
        QVERIFY(single.deviation.data[k] < 1e-6);
    }
    const Moments many = true_moments(world, layout, all_hidden(world, layout), 60, rng);
    QVERIFY(std::ranges::max(many.deviation.data) > 0.1);
    QVERIFY(std::ranges::max(many.deviation.data) <= 0.5);
}

void WorldsTest::whatAHoleLeavesIsCertain() {
    const World& world = fetched_world();
    Rng rng(10);
    const Example example = draw_example(world, inpainting, rng);
    const auto& [x, y] = example.pair;
    const Moments moments =
        true_moments(world, example.layout, hidden_from(world, example, inpainting), 20, rng);
    const Image drawn = drawn_by(world, inpainting)(example, 1, 3).front();
    double open = 0;
    for (std::size_t k = 0; k < y.data.size(); ++k) {
        if (x.mask.data[k / 3]) {
            open += moments.deviation.data[k];
            continue;
        }
        QCOMPARE(drawn.data[k], y.data[k]);
        QVERIFY(std::abs(moments.mean.data[k] - y.data[k] / 255.0) < 1e-6);
        QVERIFY(moments.deviation.data[k] < 1e-6);
    }
    QVERIFY(open > 0);
}

void WorldsTest::smallPictureStaysAsItIs() {
    const World& world = fetched_world();
    for (int i = 0; i < 5; ++i) {
        Rng rng = Rng::at(14, i);
        const Example example = draw_example(world, enlarging, rng);
        const Image drawn = draw_true(world, example.layout, hidden_from(world, example, enlarging), rng);
        QVERIFY(mean_difference(shrink(drawn, enlarging.scale), example.pair.x.picture) < 0.003);
    }
}

void WorldsTest::labelsGetTheirColours() {
    const World& world = fetched_world();
    const Layout layout = layout_number(world, 0);
    const Image coloured = colour_labels(world.classes(), layout.labels);
    for (int y = 0; y < size; ++y) {
        const Rgb& colour = world.classes()[layout.labels.at(y, y)].colour;
        for (int c = 0; c < 3; ++c) QCOMPARE(coloured.at(y, y, c), colour[c]);
    }
}

void WorldsTest::unknownWorldIsNamed() {
    const World& world = fetched_world();
    QCOMPARE(&find_world(world.id()), &world);
    try {
        find_world("atlantis");
        QFAIL("no error");
    } catch (const Error& error) {
        const std::string sentence = error.what();
        QVERIFY(sentence.find("atlantis") != std::string::npos);
        QVERIFY(sentence.find(world.id()) != std::string::npos);
    }
}

void WorldsTest::streetHidesWhatIsNotThere() {
    const World& world = street_world();
    LabelMap layout(size, size, 0);
    Rng rng(8);
    Reading reading = read(world, layout, world.render(layout, {1, 0, 0, 0, 0}, rng));
    QVERIFY((reading.values == Style{1, -1, -1, -1, -1}));
    std::fill_n(layout.data.begin(), 20, std::uint8_t(5));
    reading = read(world, layout, world.render(layout, {2, 0, 0, 4, 0}, rng));
    QVERIFY((reading.values == Style{2, -1, -1, 4, -1}));
}

void WorldsTest::streetTimesDifferInEveryClass() {
    const World& world = street_world();
    for (std::size_t label = 0; label < world.classes().size(); ++label) {
        const LabelMap layout(size, size, static_cast<std::uint8_t>(label));
        std::vector<Image> pictures;
        for (int time = 0; time < 3; ++time) {
            Rng rng(1);
            pictures.push_back(world.render(layout, {time, 1, 2, 2, 2}, rng));
        }
        for (const auto& [a, b] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2)}) {
            QVERIFY2(largest_mean_difference(pictures[a], pictures[b]) > 0.1,
                     world.classes()[label].id.c_str());
        }
    }
}

void WorldsTest::onlyWhatIsThereIsHidden() {
    const World& world = street_world();
    Example example{.layout = LabelMap(size, size, 0), .style = {1, 0, 0, 0, 0}};  // nothing but sky
    auto& [x, y] = example.pair;
    Rng rng(2);
    y = world.render(example.layout, example.style, rng);
    x = derive_condition(Task::super_resolution, y, enlarging.scale, {});
    const Hidden seen = hidden_from(world, example, enlarging);
    QVERIFY((seen.factors == std::vector<bool>{false, false, false, false, false}));
    QVERIFY(!hides_something(world, example.layout, seen));
    x = derive_condition(Task::inpainting, y, enlarging.scale, LabelMap(size, size, 1));
    const Hidden unseen = hidden_from(world, example, inpainting);
    QVERIFY((unseen.factors == std::vector<bool>{true, false, false, false, false}));
    QVERIFY(hides_something(world, example.layout, unseen));
}

/// Colours of a street are seen in the smallest picture.
void WorldsTest::scaleThatHidesNothingIsNamed() {
    const World& world = street_world();
    if (&world != &fetched_world()) return;
    const TaskSettings settings{.task = Task::super_resolution, .size = 16, .scale = 2};
    const auto sentence = error_of([&] { known_conditions(world, settings, 1); });
    QVERIFY2(says(sentence, "data.scale 2") && says(sentence, "street"), sentence.c_str());
    const auto cases = world_cases(world, settings);
    for (const int index : {0, 1}) QCOMPARE(error_of([&] { cases.at(index); }), sentence);
}

/// No eyes, mouth, hair or shirt fit into two pixels.
void WorldsTest::holesThatHideNothingAreNamed() {
    const World& world = faces_world();
    if (&world != &fetched_world()) return;
    const TaskSettings settings{.task = Task::inpainting, .size = 32, .holes = {1, 2, 2, 0}};
    const auto sentence = error_of([&] { score_world(world, settings, drawn_by(world, settings), 1, 2); });
    QVERIFY2(says(sentence, "data.hole_least 1") && says(sentence, "data.hole_most 2"), sentence.c_str());
}

void WorldsTest::facesAreAlignedByTheEyes() {
    const World& world = faces_world();
    const auto eye_colour = std::ranges::find(world.factors(), "eye_colour", &Factor::id);
    const auto index = static_cast<std::uint8_t>(eye_colour - world.factors().begin());
    // Not pixel by pixel: lashes lie over an iris, and at its border the colours may round to the same level.
    std::set<std::array<int, 4>> boxes;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Rng rng(seed);
        const Deciders deciders = world.deciders(world.layout(size, rng));
        std::array<int, 4> box{size, size, -1, -1};
        for (int y = 0; y < size; ++y)
            for (int x = 0; x < size; ++x)
                if (deciders.at(x, y) == index)
                    box = {std::min(box[0], x), std::min(box[1], y), std::max(box[2], x),
                           std::max(box[3], y)};
        boxes.insert(box);
    }
    QCOMPARE(boxes.size(), std::size_t(1));
    QVERIFY((*boxes.begin())[2] > (*boxes.begin())[0]);
}

/// The skin around a hole and that of a small picture tell the jitter of the skin's colour: only grain is
/// left, of 0.012, and no other tint.
void WorldsTest::facesKeepTheirColours() {
    const World& world = faces_world();
    for (const auto& settings : {inpainting, enlarging}) {
        double deviation = 0, squares = 0;
        int faces = 0;
        for (int i = 0; i < 12; ++i) {
            Rng rng = Rng::at(12, i);
            const Example example = draw_example(world, settings, rng);
            const Hidden hidden = hidden_from(world, example, settings);
            const auto skin = open_skin(example, true_moments(world, example.layout, hidden, 40, rng));
            if (!skin) continue;
            ++faces;
            deviation += skin->deviation;
            for (const double error : skin->error) squares += error * error / 3;
        }
        QVERIFY(faces > 5);
        QVERIFY(deviation / faces > 0.010 && deviation / faces < 0.014);
        QVERIFY(std::sqrt(squares / faces) < 0.006);
    }
}

}  // namespace modescope

QTEST_APPLESS_MAIN(modescope::WorldsTest)
#include "worlds_test.moc"
