// The world of towns seen from above: what its layouts hold and what its light does.
#include "core/worlds/maps.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <memory>

#include "core/worlds/style_reader.h"

namespace modescope {

namespace {

constexpr int size = 64;

// In the order of the tables, which checkpoints and painted maps rely on.
enum Class { Land, Road, MainRoad, Water, Park, Trees, Building, Parking, ClassCount };
enum FactorIndex { TimeOfDay, SunDirection, Season, RoofColour, WaterTint, ParkingState };
enum Time { Day, Dusk, Night };
enum Side { FromLeft, FromRight };

Layout town(int number) {
    auto rng = Rng::at(31, number);
    return maps_world().layout(size, rng);
}

/// Land with a box of another class.
Layout box_on_land(int left, int top, int width, int height, Class label) {
    LabelMap labels(size, size, Land);
    for (int y = top; y < top + height; ++y)
        for (int x = left; x < left + width; ++x) labels.at(x, y) = label;
    return labels;
}

Image expected(const Layout& layout, const Style& style) {
    return maps_world().expected(layout, std::array{style}).front();
}

int brightness(const Image& picture, int x, int y) {
    return picture.at(x, y, 0) + picture.at(x, y, 1) + picture.at(x, y, 2);
}

std::array<double, ClassCount> shares(const LabelMap& labels) {
    std::array<double, ClassCount> shares{};
    for (const auto label : labels.data) shares[label] += 1.0 / static_cast<double>(labels.data.size());
    return shares;
}

/// Whether the pictures differ only where the factor decides.
bool differ_only_at(const Image& a, const Image& b, const Deciders& deciders, std::size_t factor) {
    for (std::size_t k = 0; k < a.data.size(); ++k)
        if (a.data[k] != b.data[k] && deciders.data[k / 3] != factor) return false;
    return true;
}

}  // namespace

class MapsTest : public QObject {
    Q_OBJECT

private slots:
    void the_tables_keep_their_order() {
        const auto& classes = maps_world().classes();
        QCOMPARE(classes.size(), std::size_t(ClassCount));
        QCOMPARE(classes[MainRoad].id, std::string("main_road"));
        QCOMPARE(classes[Parking].id, std::string("parking"));
        QCOMPARE(maps_world().factors()[ParkingState].id, std::string("parking_state"));
    }

    void layouts_are_towns() {
        constexpr int towns = 100;
        int with_buildings = 0, with_water = 0, with_parking = 0;
        for (int i = 0; i < towns; ++i) {
            const auto share = shares(town(i).labels);
            QVERIFY(share[Road] > 0.05 && share[MainRoad] > 0.03);
            QVERIFY(std::ranges::max(share) < 0.5);
            with_buildings += share[Building] > 0.04;
            with_water += share[Water] > 0.01;
            with_parking += share[Parking] > 0.01;
        }
        QVERIFY(with_buildings > 0.95 * towns);
        QVERIFY(with_water > 0.4 * towns && with_water < 0.9 * towns);
        QVERIFY(with_parking > 0.5 * towns && with_parking < 0.95 * towns);
    }

    void local_factors_change_only_what_they_decide() {
        const auto& factors = maps_world().factors();
        Rng rng(2);
        for (int i = 0; i < 10; ++i) {
            const auto layout = town(i);
            const auto deciders = maps_world().deciders(layout);
            for (std::size_t f = 0; f < factors.size(); ++f) {
                if (factors[f].everywhere) continue;
                auto style = maps_world().draw_style(rng);
                style[f] = 0;
                const auto first = expected(layout, style);
                style[f] = 1;
                QVERIFY2(differ_only_at(first, expected(layout, style), deciders, f), factors[f].id.c_str());
            }
        }
    }

    void pictures_of_other_towns_are_not_valid() {
        Rng rng(3);
        for (int i = 0; i < 20; ++i) {
            const auto layout = town(i), other = town(i + 1);
            const StyleReader reader(maps_world(), layout, all_hidden(maps_world(), layout));
            const auto style = maps_world().draw_style(rng);
            QVERIFY(reader.read(maps_world().render(layout, style, rng)).valid);
            QVERIFY(!reader.read(maps_world().render(other, style, rng)).valid);
        }
    }

    void shadows_fall_away_from_the_light() {
        const auto layout = box_on_land(28, 28, 8, 8, Building);
        for (int time : {Day, Dusk, Night}) {
            const auto from_left = expected(layout, {time, FromLeft, 0, 0, 0, 0});
            const auto from_right = expected(layout, {time, FromRight, 0, 0, 0, 0});
            QVERIFY(brightness(from_left, 36, 33) < 0.9 * brightness(from_right, 36, 33));
            QVERIFY(brightness(from_right, 27, 33) < 0.9 * brightness(from_left, 27, 33));
        }
    }

    void shadows_are_longest_at_dusk() {
        const auto layout = box_on_land(20, 28, 8, 8, Building);
        const auto shaded = [&](int time) {
            const auto picture = expected(layout, {time, FromLeft, 0, 0, 0, 0});
            const auto empty = expected(LabelMap(size, size, Land), {time, FromLeft, 0, 0, 0, 0});
            int count = 0;
            for (int x = 30; x < size; ++x)
                count += brightness(picture, x, 33) < 0.8 * brightness(empty, x, 33);
            return count;
        };
        QVERIFY(shaded(Dusk) > shaded(Day));
    }

    void lamps_light_the_streets_at_night() {
        const auto street = box_on_land(0, 28, size, 4, Road);
        const auto picture = expected(street, {Night, FromLeft, 0, 0, 0, 0});
        int warm = 0;
        for (int x = 0; x < size; ++x) {
            warm += picture.at(x, 30, 0) > picture.at(x, 30, 2);
            QVERIFY(brightness(picture, x, 30) > brightness(picture, x, 5));
        }
        QVERIFY(warm > size / 2);
    }

    void cars_park_only_where_a_whole_one_fits() {
        const auto decided = [](const Layout& layout) {
            return std::ranges::count(maps_world().deciders(layout).data, std::uint8_t(ParkingState));
        };
        QVERIFY(decided(box_on_land(10, 10, 24, 16, Parking)) > 24 * 16 / 3);
        QCOMPARE(decided(box_on_land(10, 10, 24, 1, Parking)), 0);
        QCOMPARE(decided(box_on_land(10, 10, 1, 24, Parking)), 0);
    }

    void a_painted_lot_is_read() {
        const auto layout = box_on_land(10, 10, 24, 16, Parking);
        const StyleReader reader(maps_world(), layout, all_hidden(maps_world(), layout));
        for (int state : {0, 1}) {
            const auto reading = reader.read(expected(layout, {Dusk, FromRight, 2, 0, 0, state}));
            QVERIFY((reading.values == Style{Dusk, FromRight, 2, -1, -1, state}));
        }
    }
};

std::unique_ptr<QObject> maps_test() { return std::make_unique<MapsTest>(); }

}  // namespace modescope

#include "maps_test.moc"
