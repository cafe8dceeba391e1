// The toy distribution and the figures that toy generators are judged by.
#include "core/worlds/toy.h"

#include <torch/torch.h>

#include <QTest>
#include <functional>
#include <memory>

#include "core/metrics/toy_score.h"
#include "core/training/toy_observer.h"
#include "tests/support.h"

namespace modescope {

namespace {

using torch::Tensor;

constexpr double s = 0.05;
constexpr double positions[] = {-0.9, -0.1, 0.0, 0.03, 0.2, 0.7, 1.0};

/// ∫ f(y) p(y|x) dy up to `end`, by the midpoint rule.
template <class Function>
double integral(const ToyDistribution& toy, double x, double end, Function f) {
    constexpr double start = -2, width = 1e-4;
    double sum = 0;
    for (double y = start + width / 2; y < end; y += width) sum += f(y) * toy.density(x, y) * width;
    return sum;
}

/// A generator that is a formula of x and noise, both columns.
class FormulaTrunk : public Trunk {
public:
    using Formula = std::function<Tensor(const Tensor& x, const Tensor& z)>;
    explicit FormulaTrunk(Formula formula) : formula_(std::move(formula)) {}
    std::vector<Tensor> encode(const Tensor& x) override { return {x}; }
    Tensor decode(const std::vector<Tensor>& features, const Noise& noise) override {
        return formula_(features.front(), noise.front());
    }
    std::vector<std::vector<std::int64_t>> noise_shapes() const override { return {{1}}; }

private:
    Formula formula_;
};

ToyScore score_of(FormulaTrunk::Formula formula) {
    Generator generator(std::make_shared<FormulaTrunk>(std::move(formula)), {});
    return ToyScorer(ToyDistribution::y_shape(), 2000, 1).score(generator);
}

/// Exactly p(y|x): the noise's sign chooses the branch, its place within the half that of the branch.
Tensor perfect(const Tensor& x, const Tensor& z) {
    const auto u = torch::special_ndtr(z.to(torch::kDouble));
    const auto branch = torch::where(u < 0.5, -x, x);
    const auto inner = torch::special_ndtri(torch::where(u < 0.5, 2 * u, 2 * u - 1)).to(torch::kFloat);
    return torch::where(x < 0, s * z, branch + s * inner);
}

/// True means over the 39 scored positions.
double mean_over_positions(const std::function<double(double)>& f) {
    double sum = 0;
    for (int i = 0; i < 39; ++i) sum += f(-0.95 + 1.9 * i / 38) / 39;
    return sum;
}

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

}  // namespace

class ToyTest : public QObject {
    Q_OBJECT

private slots:
    void density_integrates_to_one() {
        const auto toy = ToyDistribution::y_shape(s);
        for (const double x : positions)
            QVERIFY(near(integral(toy, x, 2, [](double) { return 1; }), 1, 1e-6));
    }

    void moments_equal_the_density_s() {
        const auto toy = ToyDistribution::y_shape(s);
        for (const double x : positions) {
            const double mean = integral(toy, x, 2, [](double y) { return y; });
            const double square = integral(toy, x, 2, [](double y) { return y * y; });
            QVERIFY(near(toy.mean(x), mean, 1e-6));
            QVERIFY(near(toy.variance(x), square - mean * mean, 1e-6));
        }
    }

    void moments_are_those_of_the_paper() {
        const auto toy = ToyDistribution::y_shape(s);
        QVERIFY(near(toy.variance(-0.5), s * s, 1e-12));
        QVERIFY(near(toy.mean(0.5), 0, 1e-12));
        QVERIFY(near(toy.variance(0.5), 0.25 + s * s, 1e-12));
        QCOMPARE(toy.components(-0.5).size(), std::size_t(1));
        QCOMPARE(toy.components(0.5).size(), std::size_t(2));
    }

    void quantiles_cut_the_density_into_equal_parts() {
        const auto toy = ToyDistribution::y_shape(s);
        for (const double x : positions) {
            const auto values = toy.quantiles(x, 10);
            QVERIFY(std::ranges::is_sorted(values));
            for (int i = 0; i < 10; ++i)
                QVERIFY(near(integral(toy, x, values[i], [](double) { return 1; }), (i + 0.5) / 10, 1e-3));
        }
    }

    void draws_follow_the_distribution() {
        const auto toy = ToyDistribution::y_shape(s);
        Rng rng(1);
        constexpr int n = 20000;
        double sum = 0, squares = 0;
        int upper = 0;
        for (int i = 0; i < n; ++i) {
            const double y = toy.draw(0.5, rng);
            sum += y;
            squares += y * y;
            upper += y > 0;
        }
        // Four standard errors.
        QVERIFY(near(sum / n, 0, 4 * std::sqrt(toy.variance(0.5) / n)));
        QVERIFY(near(squares / n, 0.25 + s * s, 4 * 0.05 / std::sqrt(n)));
        QVERIFY(near(upper, n / 2., 4 * std::sqrt(n) / 2));
    }

    void a_perfect_generator_scores_perfectly() {
        const auto score = score_of(perfect);
        QVERIFY2(score.w1 < 0.01, qPrintable(QString::number(score.w1)));
        QVERIFY2(near(score.minor_mode, 0.49, 0.01), qPrintable(QString::number(score.minor_mode)));
        // 99.73 % of a normal lies within three standard deviations.
        QVERIFY2(near(score.valid, 0.9973, 0.002), qPrintable(QString::number(score.valid)));
    }

    void the_mean_alone_scores_badly() {
        const auto score = score_of([](const Tensor& x, const Tensor&) { return torch::zeros_like(x); });
        QVERIFY2(score.w1 > 0.2, qPrintable(QString::number(score.w1)));
        QCOMPARE(score.minor_mode, 0.0);
        QCOMPARE(score.valid, 0.0);
    }

    void one_branch_alone_is_valid_but_collapsed() {
        const auto score =
            score_of([](const Tensor& x, const Tensor& z) { return torch::where(x < 0, s * z, x + s * z); });
        QCOMPARE(score.minor_mode, 0.0);
        QVERIFY(score.valid > 0.99);
        QVERIFY(score.w1 > 0.2);
    }

    void a_shifted_generator_is_that_far_away() {
        const auto score = score_of([](const Tensor& x, const Tensor& z) { return perfect(x, z) + 0.5; });
        QVERIFY(near(score.w1, 0.5, 0.01));
    }

    void decomposition_equals_its_formula() {
        const auto toy = ToyDistribution::y_shape(s);
        const double noise = mean_over_positions([&](double x) { return toy.variance(x); });
        const auto constant =
            score_of([](const Tensor& x, const Tensor&) { return torch::full_like(x, 0.3); });
        QVERIFY(near(constant.decomposition.noise, noise, 1e-6));
        QVERIFY(near(constant.decomposition.bias2, 0.09, 1e-6));
        QVERIFY(near(constant.decomposition.variance, 0, 1e-6));
        QVERIFY(near(constant.decomposition.total(), noise + 0.09, 1e-6));
        const auto exact = score_of(perfect);
        QVERIFY(near(exact.decomposition.bias2, 0, 1e-3));
        QVERIFY(near(exact.decomposition.variance, noise, 0.01 * noise));
    }

    void scores_are_repeatable_and_leave_global_random_numbers_alone() {
        const auto before = global_random_state();
        QCOMPARE(score_of(perfect).w1, score_of(perfect).w1);
        QVERIFY(same_bits(global_random_state(), before));
    }

    void the_predictor_s_band_is_one_deviation_wide_data() {
        QTest::addColumn<std::string>("distribution");
        QTest::newRow("gaussian") << std::string("gaussian");
        QTest::newRow("laplace") << std::string("laplace");
    }

    void the_predictor_s_band_is_one_deviation_wide() {
        QFETCH(std::string, distribution);
        auto spec = tiny_toy("gan+pmr2");
        set_field(spec, "objective.distribution=" + distribution);
        Trainer trainer(spec);
        train(trainer, 5);
        const auto view = ToyObserver(spec).look(trainer, {});
        torch::NoGradGuard no_grad;
        for (const auto& band : view->predictor) {
            const auto predicted = trainer.predictor()->forward(torch::full({1, 1}, band.x));
            const double dispersion = predicted.log_dispersion.exp().item<double>();
            // The deviation of a Laplace distribution is √2 times its mean absolute deviation.
            const double deviation =
                distribution == "laplace" ? std::sqrt(2.) * dispersion : std::sqrt(dispersion);
            QVERIFY(near(band.centre, predicted.centre.item<double>(), 1e-5));
            QVERIFY(near(band.deviation, deviation, 1e-5));
        }
    }

    void the_surface_is_d_s_probability_with_the_top_row_first() {
        Trainer trainer(tiny_toy("gan"));
        train(trainer, 5);
        const auto view = ToyObserver(trainer.spec()).look(trainer, {});
        const auto& surface = view->discriminator;
        torch::NoGradGuard no_grad;
        const auto probability = [&](float x, float y) {
            return trainer.discriminator()
                ->forward(torch::full({1, 1}, x), torch::full({1, 1}, y))
                .sigmoid()
                .item<float>();
        };
        QVERIFY(near(surface.at(0, 0), probability(ToyView::x_min, ToyView::y_max), 1e-5));
        QVERIFY(near(surface.at(surface.width - 1, 0), probability(ToyView::x_max, ToyView::y_max), 1e-5));
        QVERIFY(near(surface.at(0, surface.height - 1), probability(ToyView::x_min, ToyView::y_min), 1e-5));
        QVERIFY(!near(surface.at(0, 0), surface.at(0, surface.height - 1), 1e-5));
    }
};

std::unique_ptr<QObject> toy_test() { return std::make_unique<ToyTest>(); }

}  // namespace modescope

#include "toy_test.moc"
