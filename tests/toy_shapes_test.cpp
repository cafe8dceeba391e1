// The toy's shapes and a user's own points: densities, samplers, files of points, and data.toy of a spec.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/training/spec.h"
#include "core/worlds/toy.h"
#include "tests/error_of.h"

using namespace modescope;

namespace {

constexpr double positions[] = {-1, -0.7, -0.1, 0, 0.05, 0.3, 0.8, 1};

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

/// ∫ f(y) p(y|x) dy up to `end`, by the midpoint rule.
template <class Function>
double integral(const ToyDistribution& toy, double x, double end, Function f) {
    constexpr double start = -3, width = 1e-3;
    double sum = 0;
    for (double y = start + width / 2; y < end; y += width) sum += f(y) * toy.density(x, y) * width;
    return sum;
}

/// Two lines at ±0.5, the lower one twice as dense.
std::vector<ToyPoint> two_lines() {
    std::vector<ToyPoint> points;
    for (int i = 0; i < 900; ++i) points.push_back({-1 + 2 * i / 899.0, i % 3 == 0 ? 0.5 : -0.5});
    return points_from_text(to_text(points));
}

/// Every shape by name, and points.
void add_toys() {
    QTest::addColumn<QString>("toy");
    for (const auto& shape : toy_shapes())
        QTest::newRow(shape.id.c_str()) << QString::fromStdString(shape.id);
    QTest::newRow("points") << QString::fromStdString(to_text(two_lines()));
}

}  // namespace

class ToyShapesTest : public QObject {
    Q_OBJECT

private slots:
    void density_integrates_to_one_with_the_moments_data() { add_toys(); }
    void density_integrates_to_one_with_the_moments() {
        QFETCH(QString, toy);
        const auto truth = ToyDistribution::named(toy.toStdString());
        for (const double x : positions) {
            const double mass = integral(truth, x, 3, [](double) { return 1; });
            const double mean = integral(truth, x, 3, [](double y) { return y; });
            const double square = integral(truth, x, 3, [](double y) { return y * y; });
            QVERIFY2(near(mass, 1, 1e-6), qPrintable(QString::number(mass)));
            QVERIFY(near(truth.mean(x), mean, 1e-6));
            QVERIFY(near(truth.variance(x), square - mean * mean, 1e-6));
        }
    }

    /// F(y) of true draws is uniform: Kolmogorov's distance, and the moments within four standard errors.
    void draws_follow_the_density_data() { add_toys(); }
    void draws_follow_the_density() {
        QFETCH(QString, toy);
        const auto truth = ToyDistribution::named(toy.toStdString());
        Rng rng(3);
        constexpr int n = 4000;
        for (const double x : {-0.6, 0.02, 0.7}) {
            std::vector<double> ranks;
            double sum = 0;
            for (int i = 0; i < n; ++i) {
                const double y = truth.draw(x, rng);
                sum += y;
                ranks.push_back(truth.cumulative(x, y));
            }
            std::ranges::sort(ranks);
            double widest = 0;
            for (int i = 0; i < n; ++i)
                widest = std::max(widest, std::abs(ranks[static_cast<std::size_t>(i)] - (i + 0.5) / n));
            QVERIFY2(widest < 1.95 / std::sqrt(n), qPrintable(QString::number(widest)));  // p = 0.001
            QVERIFY(near(sum / n, truth.mean(x), 4 * std::sqrt(truth.variance(x) / n)));
        }
    }

    void quantiles_cut_the_density_into_equal_parts_data() { add_toys(); }
    void quantiles_cut_the_density_into_equal_parts() {
        QFETCH(QString, toy);
        const auto truth = ToyDistribution::named(toy.toStdString());
        for (const double x : positions) {
            const auto values = truth.quantiles(x, 20);
            QCOMPARE(values.size(), std::size_t(20));
            QVERIFY(std::ranges::is_sorted(values));
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double below = truth.cumulative(x, values[i]);
                QVERIFY2(near(below, (static_cast<double>(i) + 0.5) / 20, 2e-3),
                         qPrintable(QString::number(below)));
            }
        }
    }

    void shapes_have_their_branches() {
        const auto count = [](const char* toy, double x) {
            return ToyDistribution::named(toy).branches(x).size();
        };
        QCOMPARE(count("y", -0.5), std::size_t(1));
        QCOMPARE(count("y", 0.5), std::size_t(2));
        QCOMPARE(count("y", 0.03), std::size_t(1));  // nearer than the noise is wide
        QCOMPARE(count("fork", 0.5), std::size_t(3));
        QCOMPARE(count("ring", 0), std::size_t(2));
        QCOMPARE(count("ring", 1), std::size_t(1));
        QCOMPARE(count("line", 0.5), std::size_t(1));
        QCOMPARE(count("cross", -0.5), std::size_t(2));
        QCOMPARE(count("cross", 0), std::size_t(1));
        QCOMPARE(count("fan", 1), std::size_t(1));
        const auto together = ToyDistribution::named("cross").branches(0).front();
        QVERIFY(near(together.weight, 1, 1e-12) && near(together.deviation, 0.05, 1e-12));
    }

    void the_fan_s_noise_grows() {
        const auto fan = ToyDistribution::named("fan");
        QVERIFY(near(std::sqrt(fan.variance(-1)), 0.03, 1e-9));
        QVERIFY(near(std::sqrt(fan.variance(1)), 0.25, 1e-9));
    }

    void points_are_their_own_truth() {
        const auto truth = ToyDistribution::of_points(two_lines());
        QVERIFY(near(truth.mean(0.3), -0.5 / 3, 0.02));
        const auto branches = truth.branches(0.3);
        QCOMPARE(branches.size(), std::size_t(2));
        QVERIFY(near(branches[0].mean, -0.5, 0.01) && near(branches[1].mean, 0.5, 0.01));
        QVERIFY(near(branches[0].weight, 2.0 / 3, 0.05));
        QVERIFY(near(branches[0].deviation, 0.025, 0.01));
        // Far from all points those that are nearest count.
        std::vector<ToyPoint> far(20, {-0.9, 0.25});
        QVERIFY(near(ToyDistribution::of_points(far).mean(0.9), 0.25, 0.01));
    }

    void points_survive_as_text() {
        const auto points = two_lines();
        QVERIFY(points_from_text(to_text(points)) == points);
        QVERIFY(is_points_text(to_text(points)) && !is_points_text("ring"));
        const std::vector<ToyPoint> outside(12, {5, -7});
        QVERIFY(points_from_text(to_text(outside)).front() == (ToyPoint{1, -1.25}));
    }

    void damaged_texts_are_refused() {
        const auto text = to_text(two_lines());
        QVERIFY(says(error_of([&] { points_from_text(text.substr(0, text.size() - 1)); }), "cut off"));
        QVERIFY(says(error_of([&] { points_from_text(text.substr(0, 7 + 4 * 5)); }), "5 points"));
        QVERIFY(says(error_of([&] { points_from_text(text.substr(0, text.size() - 1) + "!"); }), "damaged"));
        QVERIFY(says(error_of([] { check_toy("rnig"); }), "ring"));
        QVERIFY(says(error_of([] { ToyDistribution::named("rnig"); }), "rnig"));
        QVERIFY(says(error_of([] { check_toy("points:"); }), "0 points"));
    }

    void tables_are_read_data() {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("separator");
        QTest::newRow("plain") << QByteArray() << QByteArray(",");
        QTest::newRow("heading") << QByteArray("x,y\n") << QByteArray(",");
        QTest::newRow("byte-order mark and heading")
            << QByteArray("\xEF\xBB\xBFtime;height\r\n") << QByteArray(";");
        QTest::newRow("comment, empty line and spaces")
            << QByteArray("# made by hand\n\n") << QByteArray(" , ");
        QTest::newRow("tabs") << QByteArray("\"x\"\t\"y\"\n") << QByteArray("\t");
        QTest::newRow("blanks") << QByteArray() << QByteArray(" ");
    }
    void tables_are_read() {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, separator);
        QByteArray text = head;
        for (int i = 0; i <= 20; ++i)
            text += QByteArray::number(100 + i) + separator + QByteArray::number(-3 * i) + "\r\n";
        const auto points = read_points(write(text));
        QCOMPARE(points.size(), std::size_t(21));
        QVERIFY(near(points.front().x, -1, 1e-3) && near(points.front().y, 1, 1e-3));
        QVERIFY(near(points[5].x, -0.5, 1e-3) && near(points[5].y, 0.5, 1e-3));
        QVERIFY(near(points.back().x, 1, 1e-3) && near(points.back().y, -1, 1e-3));
    }

    void decimal_commas_and_further_columns_are_read() {
        QByteArray text;
        for (int i = 0; i < 12; ++i) text += "0," + QByteArray::number(i + 10) + ";1e1;left out\n";
        const auto points = read_points(write(text));
        QVERIFY(near(points.front().x, -1, 1e-3) && near(points.back().x, 1, 1e-3));
        QVERIFY(near(points.front().y, 0, 1e-3));  // all the same
    }

    void bad_tables_are_told_by_line_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QByteArray good;
        for (int i = 0; i < 20; ++i) good += QByteArray::number(i) + ",1\n";
        const auto row = [](const char* name, const QByteArray& text, const char* says) {
            QTest::newRow(name) << text << QString(says);
        };
        row("empty", "", "0 points");
        row("one point", "1,2\n", "1 point,");
        row("heading alone", "x,y\n", "0 points");
        row("not a number", good + "nan,1\n", "line 21");
        row("not a number first", "nan,nan\n" + good, "line 1");
        row("infinite", "inf,1\n" + good, "line 1");
        row("too large", good + "1e999,1\n", "line 21");
        row("words below", good + "x,y\n", "line 21: \"x,y\"");
        row("second heading", "x,y\nmetres,metres\n" + good, "line 2");
        row("one column", "1\n2\n3\n", "line 1");
        row("empty cell", good + "1,\n", "line 21");
        row("a picture", QByteArray("\x89PNG\r\n\x1a\n\0\0", 10), "line 1");
        row("too many", good.repeated(500), "one line of 2");
    }
    void bad_tables_are_told_by_line() {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto path = write(text);
        const auto message = error_of([&] { read_points(path); });
        QVERIFY2(modescope::says(message, says.toStdString()), message.c_str());
        QVERIFY(modescope::says(message, path) && message.ends_with('.') && !modescope::says(message, "\n"));
    }

    void huge_and_missing_files_are_refused_at_once() {
        QFile file(folder_.filePath("huge.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64(5) << 30));  // sparse
        QVERIFY(says(error_of([&] { read_points(file.fileName().toStdString()); }), "5120 MB"));
        QVERIFY(file.remove());
        QVERIFY(says(error_of([&] { read_points(folder_.path().toStdString()); }), "folder"));
        QVERIFY(says(error_of([&] { read_points("nowhere.csv"); }), "nowhere.csv"));
    }

    void saved_points_come_back_where_they_were() {
        std::vector<ToyPoint> small;  // far from filling the plane
        for (int i = 0; i < 20; ++i) small.push_back({0.1 + 0.01 * i, -0.2 + 0.005 * i});
        small = points_from_text(to_text(small));
        const auto path = folder_.filePath("saved.csv").toStdString();
        write_points(path, small);
        const auto back = read_points(path);
        QCOMPARE(back.size(), small.size());
        for (std::size_t i = 0; i < back.size(); ++i)
            QVERIFY(near(back[i].x, small[i].x, 6e-4) && near(back[i].y, small[i].y, 7e-4));
    }

    void a_spec_keeps_its_distribution() {
        auto spec = preset_spec("toy");
        QCOMPARE(text_of(spec, "data.toy"), std::string("y"));
        for (const auto& toy : {std::string("ring"), to_text(two_lines()), std::string("y")}) {
            set_field(spec, "data.toy=" + toy);
            const auto again = spec_from_json(to_json(spec));
            QCOMPARE(text_of(again, "data.toy"), toy);
            QCOMPARE(text_of(again, "data.folder"), std::string());
        }
        set_field(spec, "data.toy=rnig");
        QVERIFY(says(error_of([&] { check(spec); }), "data.toy"));
        QVERIFY(says(error_of([&] { set_field(spec, "data.toy=\xdf"); }), "UTF-8"));
    }

    /// Written before there was data.toy.
    void old_files_are_the_y() {
        auto json = to_json(preset_spec("toy"));
        QVERIFY(json["data"].erase("toy") == 1);
        QCOMPARE(text_of(spec_from_json(json), "data.toy"), std::string("y"));
    }

    void a_folder_s_path_is_no_distribution() {
        auto spec = preset_spec("srgan-celeba");
        spec.data.folder = "/data/ring";
        const auto again = spec_from_json(to_json(spec));
        QCOMPARE(again.data.folder, std::string("/data/ring"));
        QCOMPARE(text_of(again, "data.toy"), std::string("y"));
        QVERIFY(says(error_of([&] { set_field(spec, "data.toy=ring"); }), "data.toy"));
    }

private:
    static std::string text_of(const Spec& spec, const char* key) {
        return std::get<std::string>(find_field(key).get(spec));
    }

    std::string write(const QByteArray& text) {
        QFile file(folder_.filePath("points.csv"));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("cannot write");
        return file.fileName().toStdString();
    }

    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(ToyShapesTest)
#include "toy_shapes_test.moc"
