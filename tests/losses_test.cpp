// The arithmetic of the loss terms, against the reference code's values and gradients and by hand.
#include "core/objective/losses.h"

#include <torch/torch.h>

#include <QTest>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

#include "core/objective/paper_weights.h"
#include "tests/support.h"

namespace modescope {

namespace {

using nlohmann::json;
using torch::Tensor;

constexpr double tolerance = 1e-9;
/// What the reference code adds to every dispersion.
constexpr double reference_floor = 1e-9;

const json& golden(const std::string& path) {
    static std::map<std::string, json> files;
    if (!files.contains(path)) files[path] = json::parse(std::ifstream(path));
    return files[path];
}

/// The file beside this one, and one of the same form that the environment names.
std::vector<std::string> golden_files() {
    std::vector<std::string> paths{MODESCOPE_TEST_DATA "/losses.json"};
    if (const char* other = std::getenv("MODESCOPE_GOLDEN")) paths.emplace_back(other);
    return paths;
}

Tensor numbers(const json& list, const std::vector<std::int64_t>& shape) {
    return torch::tensor(list.get<std::vector<double>>(), torch::kDouble).reshape(shape);
}

std::vector<std::int64_t> shape_of_y(const json& file) {
    return {file["B"].get<std::int64_t>(), file["C"].get<std::int64_t>(), file["H"].get<std::int64_t>(),
            file["W"].get<std::int64_t>()};
}

/// y, samples that want a gradient, and the prediction of a golden file.
LossInputs inputs_of(const json& file) {
    const auto shape = shape_of_y(file);
    auto shape_of_samples = shape;
    shape_of_samples.insert(shape_of_samples.begin() + 1, file["K"].get<std::int64_t>());
    return {.y = numbers(file["y"], shape),
            .samples = numbers(file["samples"], shape_of_samples).requires_grad_(true),
            .logits = numbers(file["logits"], {-1}),
            .predicted = {numbers(file["predictor_centre"], shape),
                          numbers(file["predictor_log_dispersion"], shape)}};
}

/// "laplace_mr2_min_noise_0.01" → what the term is computed with.
Objective objective_of(const std::string& key) {
    Objective objective;
    objective.variance_floor = reference_floor;
    if (key.starts_with("laplace")) objective.distribution = "laplace";
    const auto at = key.find("min_noise_");
    if (at != std::string::npos) objective.min_noise = std::stod(key.substr(at + std::strlen("min_noise_")));
    return objective;
}

/// "laplace_mr2_min_noise_0.01" → mr2.
Term term_of(const std::string& key) {
    const auto start = key.starts_with("gaussian_") || key.starts_with("laplace_") ? key.find('_') + 1 : 0;
    return parse_objective(key.substr(start, key.find('_', start) - start)).active().front();
}

bool is_near(double a, double b) { return std::abs(a - b) <= tolerance; }

double value(const Tensor& loss) { return loss.item<double>(); }

Tensor column(std::vector<double> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return torch::tensor(values, torch::kDouble).view({count});
}

/// One condition with one element: y, its samples and noise whose consecutive draws are 1 apart.
LossInputs one_element(double y, const std::vector<double>& samples) {
    return {.y = column({y}).view({1, 1}),
            .samples = column(samples).view({1, -1, 1}),
            .predicted = {column({0.5}).view({1, 1}), column({0}).view({1, 1})},
            .noise = {torch::arange(static_cast<double>(samples.size()), torch::kDouble).view({-1, 1})}};
}

Objective with(const std::string& distribution, double scale = 1) {
    Objective objective;
    objective.distribution = distribution;
    objective.scale = scale;
    return objective;
}

Objective laplace() { return with("laplace"); }

at::Generator seeded(std::uint64_t seed) {
    auto random = at::detail::createCPUGenerator();
    random.set_current_seed(seed);
    return random;
}

/// Three conditions with four samples of 2 channels, 3 × 4, in double, of pictures' spread.
LossInputs random_inputs() {
    auto random = seeded(7);
    const auto draw = [&](std::vector<std::int64_t> shape) {
        return torch::randn(shape, random, torch::kDouble) * 0.3;
    };
    return {.y = draw({3, 2, 3, 4}),
            .samples = draw({3, 4, 2, 3, 4}).requires_grad_(true),
            .logits = draw({12, 1}),
            .predicted = {draw({3, 2, 3, 4}), draw({3, 2, 3, 4}) - 2},
            .noise = {draw({12, 5}) * 4, draw({12, 2, 1, 2}) * 4}};
}

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

class LossesTest : public QObject {
    Q_OBJECT

private slots:
    void generator_terms_equal_the_reference_data() {
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("key");
        for (const auto& path : golden_files())
            for (const auto& [key, entry] : golden(path)["expected"].items())
                if (entry.contains("grad_samples"))
                    QTest::addRow("%s of %s", key.c_str(), path.c_str()) << path << key;
    }

    void generator_terms_equal_the_reference() {
        QFETCH(std::string, path);
        QFETCH(std::string, key);
        const auto& file = golden(path);
        const auto& expected = file["expected"][key];
        const auto inputs = inputs_of(file);
        const auto loss = generator_loss(term_of(key), inputs, objective_of(key));
        loss.backward();
        const auto gradient = numbers(expected["grad_samples"], inputs.samples.sizes().vec());
        QVERIFY2(is_near(value(loss), expected["value"]), qPrintable(QString::number(value(loss), 'g', 17)));
        const auto off = largest_difference(inputs.samples.grad(), gradient);
        QVERIFY2(off <= tolerance, qPrintable(QString::number(off)));
    }

    void the_golden_file_holds_every_term() {
        std::set<std::string> found;
        for (const auto& [key, entry] : golden(golden_files().front())["expected"].items())
            if (entry.contains("grad_samples")) found.insert(info(term_of(key)).id);
        QCOMPARE(found, (std::set<std::string>{"l1", "l2", "mr1", "mr2", "pmr1", "pmr2"}));
    }

    void predictor_loss_equals_the_reference() {
        for (const auto& path : golden_files()) {
            const auto& file = golden(path);
            const auto inputs = inputs_of(file);
            const auto loss = [&](const char* d) {
                return value(predictor_loss(inputs.predicted, inputs.y, with(d)));
            };
            const auto& expected = file["expected"];
            QVERIFY(is_near(loss("gaussian"), expected["gaussian_predictor_nll"]["value"]));
            QVERIFY(is_near(loss("laplace"), expected["laplace_predictor_nll"]["value"]));
        }
    }

    void gan_losses_equal_the_reference() {
        for (const auto& path : golden_files()) {
            const auto& file = golden(path);
            const auto inputs = inputs_of(file);
            const double real = file["expected"]["gan_logits_real"]["value"];
            const double fake = file["expected"]["gan_logits_fake"]["value"];
            QVERIFY(is_near(value(generator_loss(Term::gan, inputs, {})), real));
            QVERIFY(is_near(value(discriminator_loss(Term::gan, inputs.logits, inputs.logits)),
                            (real + fake) / 2));
        }
    }

    void discriminator_losses_at_known_logits() {
        const auto real = column({2, 0}), fake = column({-1, 3});
        const auto loss = [&](Term term) { return value(discriminator_loss(term, real, fake)); };
        const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
        const double half_real = (softplus(-2) + softplus(0)) / 2,
                     half_fake = (softplus(-1) + softplus(3)) / 2;
        QVERIFY(is_near(loss(Term::gan), (half_real + half_fake) / 2));
        QVERIFY(is_near(loss(Term::gan_ls), ((1. + 1.) / 2 + (1. + 9.) / 2) / 2));
        QVERIFY(is_near(loss(Term::gan_hinge), ((0. + 1.) / 2 + (0. + 4.) / 2) / 2));
    }

    void generator_losses_at_known_logits() {
        const LossInputs inputs{.logits = column({-1, 3})};
        QVERIFY(is_near(value(generator_loss(Term::gan_ls, inputs, {})), (4. + 4.) / 2));
        QVERIFY(is_near(value(generator_loss(Term::gan_hinge, inputs, {})), -1));
    }

    void median_of_an_even_number_of_samples_is_the_midpoint() {
        // The two middle values are 2 and 4; a lower median would say 2.
        const auto inputs = one_element(3.5, {10, 4, 2, -1});
        QVERIFY(is_near(value(generator_loss(Term::mr1, inputs, laplace())), 0.5));
        QVERIFY(is_near(value(generator_loss(Term::pmr1, inputs, laplace())), 2.5 * 2.5));
    }

    void laplace_dispersion_is_the_mean_distance_from_the_midpoint() {
        auto inputs = one_element(3, {10, 4, 2, -1});
        inputs.predicted.centre.fill_(3);
        // |10−3|, |4−3|, |2−3|, |−1−3|: mean 13/4, predicted exp(0).
        QVERIFY(is_near(value(generator_loss(Term::pmr2, inputs, laplace())), (3.25 - 1) * (3.25 - 1)));
    }

    void variance_divides_by_one_less_than_k() {
        auto inputs = one_element(1, {0, 2});
        inputs.predicted.centre.fill_(1);
        QVERIFY(is_near(value(generator_loss(Term::pmr2, inputs, {})), (2. - 1) * (2. - 1)));
    }

    void mr2_of_collapsed_samples_is_finite_data() {
        QTest::addColumn<std::string>("distribution");
        QTest::newRow("gaussian") << std::string("gaussian");
        QTest::newRow("laplace") << std::string("laplace");
    }

    /// As at the start of a training, where all samples of a condition are the same.
    void mr2_of_collapsed_samples_is_finite() {
        QFETCH(std::string, distribution);
        const auto objective = with(distribution);
        auto inputs = one_element(1, {0.25, 0.25, 0.25});
        inputs.samples.requires_grad_(true);
        const auto loss = generator_loss(Term::mr2, inputs, objective);
        loss.backward();
        QVERIFY(std::isfinite(value(loss)));
        QVERIFY(inputs.samples.grad().isfinite().all().item<bool>());
        // The default floor bounds the pull of a centre that is off by 2, the most that pictures can be.
        QVERIFY(inputs.samples.grad().abs().max().item<double>() < 2 / objective.variance_floor);
    }

    void min_noise_acts_like_noise_of_the_data() {
        Objective noisy;
        noisy.min_noise = 0.3;
        const auto inputs = one_element(1, {0, 2});
        const double dispersion = 2 + noisy.variance_floor;
        QVERIFY(is_near(value(generator_loss(Term::mr2, inputs, noisy)),
                        (0.3 / dispersion + std::log(dispersion)) / 2));
        const auto loss = [&](const Objective& objective) {
            return value(predictor_loss(inputs.predicted, inputs.y, objective));
        };
        QVERIFY(std::abs(loss(noisy) - loss({}) - 0.15) < 1e-8);
    }

    void term_table_is_in_the_order_of_the_names() {
        std::set<std::string> ids, labels;
        for (std::size_t i = 0; i < terms().size(); ++i) {
            QCOMPARE(static_cast<std::size_t>(terms()[i].term), i);
            QCOMPARE(&info(terms()[i].term), &info(static_cast<Term>(i)));
            ids.insert(terms()[i].id);
            labels.insert(terms()[i].label);
            QVERIFY(!terms()[i].help.empty() && !terms()[i].formula.empty());
        }
        QCOMPARE(terms().size(), term_count);
        QCOMPARE(ids.size(), term_count);
        QCOMPARE(labels.size(), term_count);
    }

    void every_term_gives_a_scalar_with_a_gradient() {
        for (const auto& term : terms()) {
            auto inputs = one_element(1, {0, 2, 2.5});
            inputs.samples.requires_grad_(true);
            inputs.logits = inputs.samples * 2;
            const auto loss = generator_loss(term.term, inputs, {});
            QCOMPARE(loss.dim(), 0);
            loss.backward();
            QVERIFY2(inputs.samples.grad().abs().sum().item<double>() > 0, term.id.c_str());
        }
    }

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

    /// At its optimum P predicts the dispersion of the scaled values: σ² for a variance, σ/√2 for a mean
    /// absolute deviation of Laplace values.
    void predicted_deviation_is_in_the_units_of_the_values() {
        const double deviation = 0.3, scale = 0.5;
        const Prediction gaussian{{}, column({std::log(std::pow(scale * deviation, 2))})};
        const Prediction laplace{{}, column({std::log(scale * deviation / std::sqrt(2.0))})};
        QVERIFY(is_near(value(predicted_deviation(gaussian, with("gaussian", scale))), deviation));
        QVERIFY(is_near(value(predicted_deviation(laplace, with("laplace", scale))), deviation));
    }

    void presets_of_the_paper_have_its_weights() {
        struct Row {
            const char* preset;
            Term term;
            double gaussian, laplace;
        };
        for (const auto& row : {Row{"pix2pix-cityscapes", Term::mr2, 10, 10},
                                {"pix2pix-cityscapes", Term::pmr1, 10, 1},
                                {"pix2pix-cityscapes", Term::l1, 100, 100},
                                {"pix2pix-maps", Term::mr1, 100, 10},
                                {"pix2pix-maps", Term::mr2, 10, 1},
                                {"pix2pix-maps", Term::pmr1, 300, 10},
                                {"pix2pix-maps", Term::pmr2, 1000, 10},
                                {"srgan-celeba", Term::l2, 1000, 1000},
                                {"srgan-celeba", Term::mr2, 20, 30},
                                {"srgan-celeba", Term::pmr2, 2400, 2400},
                                {"glcic-celeba", Term::l2, 100, 100},
                                {"glcic-celeba", Term::mr2, 1, 1},
                                {"glcic-celeba", Term::pmr2, 1000, 1000},
                                {"pix2pix-maps", Term::gan, 1, 1},
                                {"toy", Term::pmr2, 1, 1}}) {
            QCOMPARE(paper_weight(row.preset, row.term, Distribution::gaussian), row.gaussian);
            QCOMPARE(paper_weight(row.preset, row.term, Distribution::laplace), row.laplace);
        }
    }

    void a_term_without_a_factor_has_its_usual_weight() {
        const auto paper = [](Term term) {
            return paper_weight("pix2pix-maps", term, Distribution::laplace);
        };
        QVERIFY(parse_objective("gan+pmr1", paper) == parse_objective("gan+10*pmr1"));
        QVERIFY(parse_objective("gan + 1·pmr1", paper) == parse_objective("gan+pmr1"));
        QVERIFY(parse_objective("gan+3*pmr1", paper) == parse_objective("gan+3*pmr1"));
    }

    void presets_of_the_paper_have_its_noise() {
        const auto noise = [](const char* preset, Term term, Distribution d) {
            return paper_min_noise(preset, term, d);
        };
        QCOMPARE(noise("pix2pix-cityscapes", Term::mr2, Distribution::gaussian), 0.0);
        QCOMPARE(noise("srgan-celeba", Term::mr2, Distribution::gaussian), 1e-4);
        QCOMPARE(noise("srgan-celeba", Term::mr2, Distribution::laplace), 0.01);
        QCOMPARE(noise("srgan-celeba", Term::pmr2, Distribution::gaussian), 0.01);
        QCOMPARE(noise("glcic-celeba", Term::mr2, Distribution::gaussian), 0.01);
    }
};

std::unique_ptr<QObject> losses_test() { return std::make_unique<LossesTest>(); }

}  // namespace modescope

#include "losses_test.moc"
