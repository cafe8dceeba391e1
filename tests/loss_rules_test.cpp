// What holds for all loss terms: gradients, masks, scale.
#include <torch/torch.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <memory>

#include "tests/loss_inputs.h"

namespace modescope {

namespace {

using torch::Tensor;

/// As many pixels in every row, elsewhere in each.
Tensor scattered_mask() {
    auto mask = torch::zeros({3, 1, 3, 4}, torch::kDouble);
    for (int row = 0; row < 3; ++row)
        for (const int pixel : {1, 4, 5, 10}) mask[row].view({-1})[(pixel + 3 * row) % 12] = 1;
    return mask;
}

/// The elements in the mask of scattered_mask's form, [rows, …, 1, pixels].
Tensor cropped(const Tensor& values, const Tensor& mask) {
    const bool samples = values.dim() == 5;
    const auto everywhere = (samples ? mask.unsqueeze(1) : mask).expand_as(values);
    auto shape = values.sizes().vec();
    shape[shape.size() - 2] = 1;
    shape.back() = -1;
    return values.masked_select(everywhere > 0).view(shape);
}

LossInputs cropped(const LossInputs& in) {
    return {
        .y = cropped(in.y, in.mask),
        .samples = cropped(in.samples, in.mask),
        .predicted = {cropped(in.predicted.centre, in.mask), cropped(in.predicted.log_dispersion, in.mask)},
        .noise = in.noise};
}

LossInputs halved(LossInputs in) {
    in.y = in.y / 2;
    in.samples = in.samples / 2;
    in.predicted.centre = in.predicted.centre / 2;
    return in;
}

LossInputs condition(const LossInputs& in, int row) {
    const auto k = in.samples.size(1);
    return {.y = in.y.narrow(0, row, 1),
            .samples = in.samples.narrow(0, row, 1),
            .noise = {in.noise[0].narrow(0, row * k, k), in.noise[1].narrow(0, row * k, k)},
            .mask = in.mask.narrow(0, row, 1)};
}

/// Largest difference of the gradient from central differences of the value.
double gradient_error(Term term, LossInputs in, const Objective& objective) {
    generator_loss(term, in, objective).backward();
    const auto gradient = in.samples.grad().view({-1});
    torch::NoGradGuard no_grad;
    const auto samples = in.samples.view({-1});
    const double step = 1e-6;
    double worst = 0;
    for (std::int64_t i = 0; i < samples.numel(); ++i) {
        samples[i] += step;
        const double above = value(generator_loss(term, in, objective));
        samples[i] -= 2 * step;
        const double below = value(generator_loss(term, in, objective));
        samples[i] += step;
        worst = std::max(worst, std::abs((above - below) / (2 * step) - gradient[i].item<double>()));
    }
    return worst;
}

/// Rows of all terms that are not adversarial, with both distributions.
void add_terms(bool (*wanted)(const TermInfo&, bool laplace) = [](const TermInfo&, bool) { return true; }) {
    QTest::addColumn<int>("index");
    QTest::addColumn<std::string>("distribution");
    for (const auto& term : terms())
        for (const std::string distribution : {"gaussian", "laplace"})
            if (!term.adversarial && wanted(term, distribution == "laplace"))
                QTest::addRow("%s %s", distribution.c_str(), term.id.c_str())
                    << static_cast<int>(term.term) << distribution;
}

}  // namespace

class LossRulesTest : public QObject {
    Q_OBJECT

private slots:
    void gradients_are_those_of_the_values_data() {
        add_terms([](const TermInfo& term, bool laplace) {
            // The Laplace centre is given the gradient of the mean instead of its own.
            return !laplace || term.term < Term::mr1 || term.term > Term::pmr2;
        });
    }

    void gradients_are_those_of_the_values() {
        QFETCH(int, index);
        QFETCH(std::string, distribution);
        const auto term = static_cast<Term>(index);
        QVERIFY(gradient_error(term, random_inputs(), with(distribution)) < 1e-7);
        auto masked = random_inputs();
        masked.mask = scattered_mask();
        QVERIFY(gradient_error(term, masked, with(distribution, 0.5)) < 1e-7);
    }

    void masked_terms_are_those_of_the_elements_inside_data() { add_terms(); }

    void masked_terms_are_those_of_the_elements_inside() {
        QFETCH(int, index);
        QFETCH(std::string, distribution);
        const auto term = static_cast<Term>(index);
        auto inputs = random_inputs();
        inputs.mask = scattered_mask();
        const auto loss = generator_loss(term, inputs, with(distribution));
        const double inside = value(generator_loss(term, cropped(inputs), with(distribution)));
        QVERIFY2(std::abs(value(loss) - inside) < 1e-12, qPrintable(QString::number(value(loss) - inside)));
        loss.backward();
        const auto outside = (inputs.mask == 0).unsqueeze(1).expand_as(inputs.samples);
        const auto gradient = inputs.samples.grad().abs();
        QCOMPARE(gradient.masked_select(outside).max().item<double>(), 0.0);
        QVERIFY(gradient.masked_select(~outside).max().item<double>() > 0);
    }

    void a_full_mask_changes_nothing_data() { add_terms(); }

    void a_full_mask_changes_nothing() {
        QFETCH(int, index);
        QFETCH(std::string, distribution);
        auto inputs = random_inputs();
        const double plain = value(generator_loss(static_cast<Term>(index), inputs, with(distribution)));
        inputs.mask = torch::ones({3, 1, 3, 4}, torch::kDouble);
        const double masked = value(generator_loss(static_cast<Term>(index), inputs, with(distribution)));
        QVERIFY(std::abs(plain - masked) < 1e-12);
    }

    /// One pixel of the first condition, three of the second: four pixels of two channels.
    void masks_weigh_by_their_elements() {
        const auto y = torch::zeros({2, 2, 1, 3}, torch::kDouble);
        auto samples = torch::ones({2, 1, 2, 1, 3}, torch::kDouble);
        samples[1].fill_(2);
        const LossInputs inputs{
            .y = y, .samples = samples, .mask = column({0, 1, 0, 1, 1, 1}).view({2, 1, 1, 3})};
        QVERIFY(is_near(value(generator_loss(Term::l1, inputs, {})), (1. + 3 * 2.) / 4));
        QVERIFY(is_near(value(generator_loss(Term::l2, inputs, {})), (1. + 3 * 4.) / 4));
    }

    /// Distances are those of a condition, however much of it the mask shows.
    void masks_of_any_size_leave_conditions_equal() {
        auto inputs = random_inputs();
        inputs.mask = scattered_mask();
        inputs.mask[1].fill_(1);
        for (const auto term : {Term::dsgan, Term::msgan, Term::mmd}) {
            double sum = 0;
            for (int row = 0; row < 3; ++row) sum += value(generator_loss(term, condition(inputs, row), {}));
            const double together = value(generator_loss(term, inputs, {}));
            QVERIFY2(std::abs(together - sum / 3) < 1e-12, info(term).id.c_str());
        }
    }

    void masked_predictor_loss_is_that_of_the_elements_inside() {
        const auto mask = scattered_mask();
        for (const char* distribution : {"gaussian", "laplace"}) {
            auto inputs = random_inputs();
            inputs.mask = mask;
            inputs.predicted.centre.requires_grad_(true);
            const auto objective = with(distribution);
            const auto loss = predictor_loss(inputs.predicted, inputs.y, objective, mask);
            const auto inside = cropped(inputs);
            QVERIFY(std::abs(value(loss) - value(predictor_loss(inside.predicted, inside.y, objective))) <
                    1e-12);
            loss.backward();
            const auto outside = (mask == 0).expand_as(inputs.y);
            QCOMPARE(inputs.predicted.centre.grad().masked_select(outside).abs().max().item<double>(), 0.0);
        }
    }

    void scale_acts_like_scaled_values_data() { add_terms(); }

    void scale_acts_like_scaled_values() {
        QFETCH(int, index);
        QFETCH(std::string, distribution);
        const auto term = static_cast<Term>(index);
        const auto inputs = random_inputs();
        const double found = value(generator_loss(term, inputs, with(distribution, 0.5)));
        QCOMPARE(found, value(generator_loss(term, halved(inputs), with(distribution))));
        QVERIFY(found != value(generator_loss(term, inputs, with(distribution))));
    }

    void scale_of_the_predictor_acts_like_scaled_values() {
        const auto inputs = random_inputs(), half = halved(inputs);
        for (const char* distribution : {"gaussian", "laplace"})
            QCOMPARE(value(predictor_loss(inputs.predicted, inputs.y, with(distribution, 0.5))),
                     value(predictor_loss(half.predicted, half.y, with(distribution))));
    }

    void adversarial_terms_look_at_logits_only() {
        auto inputs = random_inputs();
        inputs.mask = scattered_mask();
        for (const auto& term : terms())
            if (term.adversarial)
                QCOMPARE(value(generator_loss(term.term, {.logits = inputs.logits}, with("gaussian", 0.5))),
                         value(generator_loss(term.term, inputs, {})));
    }
};

std::unique_ptr<QObject> loss_rules_test() { return std::make_unique<LossRulesTest>(); }

}  // namespace modescope

#include "loss_rules_test.moc"
