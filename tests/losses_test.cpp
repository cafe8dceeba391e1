// The arithmetic of the loss terms, against the reference code's values and gradients and by hand.
#include "core/objective/losses.h"

#include <torch/torch.h>

#include <QTest>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "core/objective/paper_weights.h"
#include "tests/loss_inputs.h"
#include "tests/support.h"

namespace modescope {

namespace {

using nlohmann::json;
using torch::Tensor;

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

Objective laplace() { return with("laplace"); }

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
