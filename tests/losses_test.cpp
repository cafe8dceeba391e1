// The arithmetic of the loss terms, against the reference code's values and gradients.
#include "core/objective/losses.h"

#include <torch/torch.h>

#include <QTest>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

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

/// One condition with one element: y and its samples.
LossInputs one_element(double y, const std::vector<double>& samples) {
    return {.y = column({y}).view({1, 1}),
            .samples = column(samples).view({1, -1, 1}),
            .predicted = {column({0.5}).view({1, 1}), column({0}).view({1, 1})}};
}

Objective laplace() {
    Objective objective;
    objective.distribution = "laplace";
    return objective;
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
            const auto loss = [&](Distribution d) {
                return value(predictor_loss(inputs.predicted, inputs.y, d, 0));
            };
            const auto& expected = file["expected"];
            QVERIFY(is_near(loss(Distribution::gaussian), expected["gaussian_predictor_nll"]["value"]));
            QVERIFY(is_near(loss(Distribution::laplace), expected["laplace_predictor_nll"]["value"]));
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
        Objective objective;
        objective.distribution = distribution;
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
        const auto loss = [&](double noise) {
            return value(predictor_loss(inputs.predicted, inputs.y, Distribution::gaussian, noise));
        };
        QVERIFY(std::abs(loss(0.3) - loss(0) - 0.15) < 1e-8);
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
};

std::unique_ptr<QObject> losses_test() { return std::make_unique<LossesTest>(); }

}  // namespace modescope

#include "losses_test.moc"
