// The loss terms of others against mode collapse: DSGAN, MSGAN, MMD and rcGAN, by hand and on normal values.
#include <torch/torch.h>

#include <QTest>
#include <cmath>
#include <memory>

#include "tests/loss_inputs.h"

namespace modescope {

namespace {

/// Two conditions of two elements with three samples; two levels of noise.
LossInputs pairs() {
    return {.y = column({0, 0, 0, 0}).view({2, 2}),
            .samples = column({0, 0, 0.25, 0.75, 1, -0.25, /**/ 0, 0, 4, 4, 8, 8}).view({2, 3, 2}),
            .noise = {column({0, 1, -1, /**/ 0, 1, 0}).view({6, 1}),
                      column({0, 0, 0.5, 1.5, 0.5, 3.5, /**/ 0, 0, 1, 1, 0, 0}).view({6, 2})}};
}

/// What the documented kernel gives for a mean squared difference.
double mmd_kernel(double squared) {
    double sum = 0;
    for (const double s : {0.05, 0.1, 0.2, 0.4, 0.8}) sum += std::exp(-squared / (2 * s * s));
    return sum / 5;
}

/// Its mean over pairs of normal values whose difference has that mean and variance.
double mean_mmd_kernel(double mean, double variance) {
    double sum = 0;
    for (const double s : {0.05, 0.1, 0.2, 0.4, 0.8})
        sum += s / std::sqrt(s * s + variance) * std::exp(-mean * mean / (2 * (s * s + variance)));
    return sum / 5;
}

/// One element; targets are standard normal times `deviation`, samples shifted and wider or narrower.
LossInputs normal_inputs(std::int64_t conditions, double deviation, double shift, double sample_deviation) {
    auto random = seeded(3);
    return {.y = torch::randn({conditions, 1}, random, torch::kDouble) * deviation,
            .samples = torch::randn({conditions, 4, 1}, random, torch::kDouble) * sample_deviation + shift};
}

}  // namespace

class RemediesTest : public QObject {
    Q_OBJECT

private slots:
    void dsgan_by_hand() {
        // Mean distances of the first condition: samples 1/2 and 7/8, noise 3/3 and 4/3. The second
        // condition's ratios are 4, of which 1 is rewarded.
        const double first = (0.5 / (1 + 1e-5) + 0.875 / (4. / 3 + 1e-5)) / 2;
        const double found = value(generator_loss(Term::dsgan, pairs(), {}));
        QVERIFY2(std::abs(found + (first + 1) / 2) < 1e-12, qPrintable(QString::number(found, 'g', 17)));
    }

    void dsgan_does_not_push_beyond_its_bound() {
        auto inputs = pairs();
        inputs.samples.requires_grad_(true);
        generator_loss(Term::dsgan, inputs, {}).backward();
        QVERIFY(inputs.samples.grad()[0].abs().min().item<double>() > 0);
        QCOMPARE(inputs.samples.grad()[1].abs().max().item<double>(), 0.0);
    }

    void msgan_by_hand() {
        const double first = 1 / ((0.5 + 0.875) / (1 + 4. / 3) + 1e-5), second = 1 / (4 + 1e-5);
        const double found = value(generator_loss(Term::msgan, pairs(), {}));
        QVERIFY2(std::abs(found - (first + second) / 2) < 1e-12, qPrintable(QString::number(found, 'g', 17)));
    }

    /// Noise of one dimension can be drawn twice.
    void msgan_of_equal_noise_is_finite() {
        auto inputs = one_element(0, {0.5, 0.5});
        inputs.noise = {torch::zeros({2, 1}, torch::kDouble)};
        inputs.samples.requires_grad_(true);
        const auto loss = generator_loss(Term::msgan, inputs, {});
        loss.backward();
        QVERIFY(is_near(value(loss) / 1e5, 1));
        QVERIFY(inputs.samples.grad().isfinite().all().item<bool>());
    }

    void mmd_by_hand() {
        // Mean squared differences of the samples from the target: 0.05, 0.13; from each other: 0.2.
        const LossInputs inputs{.y = column({1, -1}).view({1, 2}),
                                .samples = column({1.3, -0.9, 1.1, -1.5}).view({1, 2, 2})};
        const double expected = mmd_kernel(0.2) - mmd_kernel(0.05) - mmd_kernel(0.13) + 1;
        const double found = value(generator_loss(Term::mmd, inputs, {}));
        QVERIFY2(std::abs(found - expected) < 1e-12, qPrintable(QString::number(found, 'g', 17)));
        QVERIFY(std::abs(value(generator_loss(Term::mmd, one_element(0.5, {0.5, 0.5}), {}))) < 1e-12);
    }

    void rcgan_by_hand() {
        // Mean 2, summed distance from it 6: σ̃ = 6√(π/12), β = √(2/12π), β·σ̃ = 6√2/12.
        const double found = value(generator_loss(Term::rcgan, one_element(1, {0, 1, 5}), {}));
        QVERIFY2(std::abs(found - (1 - std::sqrt(0.5))) < 1e-12, qPrintable(QString::number(found, 'g', 17)));
    }

    void dsgan_and_msgan_reward_spread() {
        auto inputs = random_inputs();
        const auto samples = inputs.samples.detach();
        const auto loss = [&](Term term, double spread) {
            inputs.samples = samples * spread;
            return value(generator_loss(term, inputs, {}));
        };
        for (const auto term : {Term::dsgan, Term::msgan})
            for (const double spread : {0.1, 0.5, 1.0})
                QVERIFY2(loss(term, 2 * spread) < loss(term, spread), info(term).id.c_str());
    }

    void rcgan_is_least_at_the_deviation_of_normal_data() {
        const auto loss = [](double deviation) {
            return value(generator_loss(Term::rcgan, normal_inputs(20000, 0.4, 0, deviation), {}));
        };
        const double right = loss(0.4);
        QVERIFY(right < loss(0) - 0.01 && right < loss(0.2) && right < loss(0.6));
    }

    void mmd_is_that_of_the_distributions_data() {
        QTest::addColumn<double>("shift");
        QTest::addColumn<double>("deviation");
        QTest::newRow("equal") << 0.0 << 0.3;
        QTest::newRow("narrow") << 0.0 << 0.1;
        QTest::newRow("wide") << 0.0 << 0.7;
        QTest::newRow("shifted") << 0.4 << 0.3;
    }

    /// Over many targets: 0 for equal distributions, beside the constant 1 − E k(y, y′).
    void mmd_is_that_of_the_distributions() {
        QFETCH(double, shift);
        QFETCH(double, deviation);
        const double y = 0.3 * 0.3, s = deviation * deviation;
        const double expected =
            mean_mmd_kernel(0, 2 * s) + mean_mmd_kernel(0, 2 * y) - 2 * mean_mmd_kernel(shift, s + y);
        const double constant = 1 - mean_mmd_kernel(0, 2 * y);
        const double found =
            value(generator_loss(Term::mmd, normal_inputs(20000, 0.3, shift, deviation), {})) - constant;
        QVERIFY2(std::abs(found - expected) < 0.008, qPrintable(QString::number(found)));
        QVERIFY(expected == 0 || (expected > 0.04 && found > 0.03));
    }
};

std::unique_ptr<QObject> remedies_test() { return std::make_unique<RemediesTest>(); }

}  // namespace modescope

#include "remedies_test.moc"
