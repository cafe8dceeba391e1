// What a noise recipe promises: exact mixtures, neighbours, frozen levels, and a text that says it all.
#include "core/sampling/noise_recipe.h"

#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/base/png_text.h"
#include "core/base/sha256.h"
#include "core/sampling/mix_video.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sample_distances.h"
#include "core/sampling/sampler.h"
#include "tests/error_of.h"
#include "tests/tiny_model.h"

namespace modescope {
namespace {

NoiseRecipe mixture(std::vector<NoiseRecipe::Part> parts) {
    NoiseRecipe recipe;
    recipe.parts = std::move(parts);
    return recipe;
}

const Sampler& street() {
    static const auto sampler = Sampler::load(shipped_models().front().path);
    return *sampler;
}

Condition layout() {
    Rng rng(1);
    return {.labels = street().world()->layout(street().size(), rng).labels};
}

Image drawn(const NoiseRecipe& recipe) { return street().sample(layout(), std::vector{recipe}).front(); }

double sum_of_squares(const NoiseRecipe& recipe) {
    double sum = 0;
    for (const auto& part : factors_of(recipe)) sum += part.weight * part.weight;
    return sum;
}

}  // namespace

class NoiseRecipeTest : public QObject {
    Q_OBJECT
private slots:
    void one_seed_that_counts_is_that_seed_bit_for_bit() {
        const Image plain = drawn(NoiseRecipe(5));
        for (const auto& recipe :
             {mixture({{5, 0.3}}), mixture({{5, 1}, {6, 0}}), mixture({{6, 0}, {5, 2}, {7, 0}, {8, 0}}),
              mixture({{5, 0.4}, {5, 0.6}}), vary(NoiseRecipe(5), 9, 0), vary(NoiseRecipe(9), 5, 1)}) {
            QCOMPARE(factors_of(recipe), (std::vector<NoiseRecipe::Part>{{5, 1}}));
            QVERIFY(drawn(recipe) == plain);
        }
        QVERIFY(street().sample(layout(), std::vector<std::uint64_t>{5}).front() == plain);
    }

    void every_recipe_keeps_the_variance() {
        QVERIFY(std::abs(sum_of_squares(mixture({{1, 0.2}, {2, 3}, {3, 1}, {4, 0.5}})) - 1) < 1e-12);
        QVERIFY(std::abs(sum_of_squares(vary(mixture({{1, 1}, {2, 1}}), 3, 0.4)) - 1) < 1e-12);
        const auto varied = factors_of(vary(NoiseRecipe(1), 2, 0.6));
        QVERIFY(std::abs(varied[0].weight - 0.8) < 1e-12 && std::abs(varied[1].weight - 0.6) < 1e-12);
    }

    void a_neighbour_of_a_neighbour_stays_near() {
        const auto near = vary(vary(NoiseRecipe(1), 2, 0.6), 3, 0.6);
        const auto factors = factors_of(near);
        QCOMPARE(factors.size(), std::size_t{3});
        QVERIFY(std::abs(factors[0].weight - 0.64) < 1e-12 && std::abs(factors[1].weight - 0.48) < 1e-12);
        auto chain = NoiseRecipe(1);
        for (std::uint64_t seed = 2; seed < 20; ++seed) chain = vary(chain, seed, 0.5);
        QVERIFY(chain.parts.size() <= NoiseRecipe::most_parts);
        QVERIFY(std::abs(sum_of_squares(chain) - 1) < 1e-12);
    }

    void neighbours_look_nearer_than_strangers() {
        const Image centre = drawn(NoiseRecipe(5));
        const double near = mean_absolute_distance(drawn(vary(NoiseRecipe(5), 6, 0.05)), centre);
        const double far = mean_absolute_distance(drawn(vary(NoiseRecipe(5), 6, 0.9)), centre);
        QVERIFY(near > 0 && near < far);
    }

    void interpolation_ends_exactly_at_its_ends() {
        const std::vector<NoiseRecipe> two{NoiseRecipe(1), NoiseRecipe(2)};
        QCOMPARE(factors_of(between(two, 0, 0.7)), factors_of(two[0]));
        QCOMPARE(factors_of(between(two, 1, 0.7)), factors_of(two[1]));
        const auto middle = factors_of(between(two, 0.5, 0));
        QVERIFY(std::abs(middle[0].weight - std::sqrt(0.5)) < 1e-12);
        QVERIFY(std::abs(middle[1].weight - std::sqrt(0.5)) < 1e-12);
        const std::vector<NoiseRecipe> four{NoiseRecipe(1), NoiseRecipe(2), NoiseRecipe(3), NoiseRecipe(4)};
        for (int corner = 0; corner < 4; ++corner)
            QCOMPARE(factors_of(between(four, corner % 2, corner / 2)), factors_of(four[corner]));
        for (const auto& part : factors_of(between(four, 0.5, 0.5)))
            QVERIFY(std::abs(part.weight - 0.5) < 1e-12);
    }

    void the_walk_passes_every_end_and_comes_back() {
        for (const std::size_t ends : {2, 4}) {
            const auto first = walk(ends, 0), last = walk(ends, 1);
            QVERIFY(first.x == last.x && first.y == last.y);
            QCOMPARE(first.x, 0.);
        }
        QCOMPARE(walk(2, 0.5).x, 1.);
        QVERIFY(walk(4, 0.25).x == 1 && walk(4, 0.25).y == 0);
        QVERIFY(walk(4, 0.5).x == 1 && walk(4, 0.5).y == 1);
        QVERIFY(walk(4, 0.75).x == 0 && walk(4, 0.75).y == 1);
    }

    void frozen_levels_come_from_the_frozen_seed() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("model.safetensors");
        make_tiny_model(folder.path(), path, "gan");
        const auto model = Sampler::load(path.toStdString());
        Rng rng(1);
        const Condition x{.labels = model->world()->layout(model->size(), rng).labels};
        const auto drawn = [&](const NoiseRecipe& recipe) {
            return model->sample(x, std::vector{recipe}).front();
        };
        QCOMPARE(model->noise_levels().size(), 2);
        NoiseRecipe all(5);
        all.frozen_levels = {0, 1};
        all.frozen_seed = 8;
        QVERIFY(drawn(all) == drawn(NoiseRecipe(8)));
        NoiseRecipe some(5);
        some.frozen_levels = {0, 7};  // there is no level 7
        some.frozen_seed = 8;
        QVERIFY(drawn(some) != drawn(NoiseRecipe(5)) && drawn(some) != drawn(NoiseRecipe(8)));
        some.frozen_seed = 5;
        QVERIFY(drawn(some) == drawn(NoiseRecipe(5)));
    }

    void texts_say_everything_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"4127", "0.8*4127+0.6*4130", "4127~0.3*99", "4127|0,2@7", "4127 x0.5",
                                 "0.1*1+0.2*2+0.3*3+0.4*4~0.25*18446744073709551615|1@0 x2"})
            QTest::newRow(text) << QString(text);
    }
    void texts_say_everything() {
        QFETCH(QString, text);
        const auto recipe = parse_recipe(text.toStdString());
        QCOMPARE(QString::fromStdString(to_text(recipe)), text);
        QCOMPARE(parse_recipe(to_text(recipe)), recipe);
    }

    void odd_numbers_survive_their_text() {
        const auto recipe = vary(between({NoiseRecipe(1), NoiseRecipe(2)}, 0.3, 0), 3, 0.1);
        QCOMPARE(parse_recipe(to_text(recipe)), recipe);
        QCOMPARE(parse_recipe("  7  "), NoiseRecipe(7));
        QCOMPARE(parse_recipe("1 * 7 + 2*8"), mixture({{7, 1}, {8, 2}}));
    }

    void nonsense_is_refused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "vase", "-1", "1.5", "0*7", "-1*7", "nan*7", "inf*7", "1*", "1+", "1~", "1~2*3", "1|@7",
              "1|2,1@7", "1|1,1@7", "1|-1@7", "1|1", "1 x", "1 x-1", "1 x2 3", "99999999999999999999",
              "1*1+1*2+1*3+1*4+1*5"})
            QTest::newRow(text) << QString(text);
        for (const char* text : {"1e-40*7", "2e9*7+3", "7 x1e300"})  // too little, too much
            QTest::newRow(text) << QString(text);
    }
    void nonsense_is_refused() {
        QFETCH(QString, text);
        const auto problem = error_of([&] { parse_recipe(text.toStdString()); });
        QVERIFY2(says(problem, text.toStdString()), problem.c_str());
    }

    void distances_are_means_of_absolute_differences() {
        const Image black(2, 2, 3, 0), grey(2, 2, 3, 51), white(2, 2, 3, 255);
        QCOMPARE(mean_absolute_distance(black, grey), 0.2);
        const auto found = extremes_of({black, white, grey});
        QCOMPARE(found->nearest, (std::pair{0, 2}));
        QCOMPARE(found->farthest, (std::pair{0, 1}));
        QCOMPARE(found->typical, 2);
        QCOMPARE(found->unusual, 1);
        QVERIFY(std::abs(found->typical_distance - 0.5) < 1e-12);
        QVERIFY(!extremes_of({black}));
        QCOMPARE(consistency_error(Image(8, 8, 3, 51), black), 0.2);
    }

    void png_texts_are_read_by_others() {
        QTemporaryDir folder;
        const QString path = folder.filePath("text.png");
        write_png(path.toStdString(), Image(4, 3, 3, 77), {{"Title", "plain"}, {"Description", "ℓ₁ · é"}});
        const QImage picture(path);
        QCOMPARE(picture.size(), QSize(4, 3));
        QCOMPARE(picture.pixel(3, 2), qRgb(77, 77, 77));
        QCOMPARE(picture.text("Title"), QString("plain"));
        QCOMPARE(picture.text("Description"), QString("ℓ₁ · é"));
    }

    void hashes_are_those_of_the_standard() {
        QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    void a_film_is_written_whole_or_not_at_all() {
        QTemporaryDir folder;
        MixVideo video{.path = folder.filePath("film.mp4").toStdString(),
                       .condition = layout(),
                       .ends = {NoiseRecipe(1), NoiseRecipe(2)},
                       .frames_per_leg = 3};
        int calls = 0;
        QVERIFY(!write_mix_video(street(), video, [&](double) { return ++calls < 3; }));
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
        double last = 0;
        QVERIFY(write_mix_video(street(), video, [&](double share) { return last = share, true; }));
        QCOMPARE(last, 1.);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList("film.mp4"));
        video.path = folder.filePath("no folder/film.mp4").toStdString();
        QVERIFY(says(error_of([&] { write_mix_video(street(), video, [](double) { return true; }); }),
                     "no folder/film.mp4"));
    }
};

}  // namespace modescope

QTEST_GUILESS_MAIN(modescope::NoiseRecipeTest)
#include "noise_recipe_test.moc"
