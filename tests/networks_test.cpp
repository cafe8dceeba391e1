// What G, D and P of every kind promise.
#include "core/networks/networks.h"

#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "core/networks/glcic.h"
#include "core/networks/layers.h"
#include "core/networks/network_size.h"
#include "core/networks/weight_limit.h"
#include "core/worlds/world.h"
#include "tests/support.h"

namespace modescope {

namespace {

using torch::Tensor;

/// The kinds of networks in the tasks they serve, with the settings that change their structure.
const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
    {"toy", {}},
    {"labels", {"network.refine=3"}},
    {"labels, transposed", {"network.refine=0", "network.upsampling=transposed"}},
    {"labels, modulated", {"network.refine=3", "network.modulation=5"}},
    {"labels, modulated, transposed",
     {"network.refine=0", "network.modulation=5", "network.upsampling=transposed"}},
    {"picture", {"data.task=picture"}},
    {"holes", {"data.task=inpainting", "data.hole_box=16"}},
    {"srgan", {"data.task=super-resolution", "network.kind=srgan"}},
    {"srgan, vector", {"data.task=super-resolution", "network.kind=srgan", "network.noise_vector=2"}},
    {"srgan, shuffled",
     {"data.task=super-resolution", "network.kind=srgan", "network.upsampling=transposed"}},
    {"srgan, patches",
     {"data.task=super-resolution", "network.kind=srgan", "network.discriminator_patches=true"}},
    {"glcic", {"data.task=inpainting", "data.hole_box=16", "network.kind=glcic", "network.features=8"}},
    {"glcic, vector",
     {"data.task=inpainting", "data.hole_box=16", "network.kind=glcic", "network.features=8",
      "network.noise_vector=2"}},
};

Spec spec_of(const std::string& kind, const std::string& objective = "gan+10*pmr2") {
    if (kind == "toy") return tiny_toy(objective);
    auto spec = tiny_street(objective);
    spec.network.blocks = 2;
    spec.network.discriminator_norm = "batch";
    for (const auto& [name, settings] : kinds)
        for (const auto& setting : settings)
            if (name == kind) set_field(spec, setting);
    return spec;
}

void add_kinds() {
    QTest::addColumn<std::string>("kind");
    for (const auto& [name, settings] : kinds) QTest::newRow(name.c_str()) << name;
}

Spec fetched_spec() {
    QFETCH(std::string, kind);
    return spec_of(kind);
}

void add_pictures() {
    QTest::addColumn<std::string>("kind");
    for (const auto& [name, settings] : kinds)
        if (name != "toy") QTest::newRow(name.c_str()) << name;
}

void add_holes() {
    QTest::addColumn<std::string>("kind");
    QTest::newRow("pix2pix") << std::string("holes");
    QTest::newRow("glcic") << std::string("glcic");
}

std::vector<std::int64_t> rows_of(std::vector<std::int64_t> shape, std::int64_t rows) {
    shape.insert(shape.begin(), rows);
    return shape;
}

Tensor uniform(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
    auto random = fixed_random(seed);
    return torch::empty(shape).uniform_(-1, 1, random);
}

/// Masks [rows, 1, side, side] with a hole of 6 × 8 pixels at (4 + 9·row, 10).
Tensor holes(std::int64_t rows, std::int64_t side) {
    auto masks = torch::zeros({rows, 1, side, side});
    for (std::int64_t i = 0; i < rows; ++i) masks[i][0].narrow(0, 4 + 9 * i, 6).narrow(1, 10, 8).fill_(1);
    return masks;
}

Tensor conditions(const Spec& spec, std::int64_t rows) {
    const auto x = uniform(rows_of(pair_shape(spec).x, rows), 21);
    if (spec.data.source == "toy") return x;
    if (spec.data.task == "labels") return x.eq(x.amax(1, true)).to(torch::kFloat);
    if (spec.data.task != "inpainting") return x;
    const auto masks = holes(rows, spec.data.size);
    return torch::cat({x.narrow(1, 0, 3) * (1 - masks), masks}, 1);
}

Tensor pictures(const Spec& spec, std::int64_t rows) {
    return uniform(rows_of(pair_shape(spec).y, rows), 22);
}

/// As after a training, in eval mode: batch norms are not the identity and signals of some strength come
/// through.
void ripen(torch::nn::Module& module) {
    torch::NoGradGuard no_grad;
    auto random = fixed_random(5);
    for (auto& item : module.named_buffers()) {
        if (says(item.key(), "running_mean")) item.value().uniform_(-0.5, 0.5, random);
        if (says(item.key(), "running_var")) item.value().uniform_(0.5, 2, random);
    }
    for (auto& item : module.named_parameters()) {
        if (says(item.key(), "norm.weight")) item.value().uniform_(0.5, 1.5, random);
        if (says(item.key(), "norm.bias")) item.value().uniform_(-0.3, 0.7, random);
        if (item.value().dim() == 4) item.value().mul_(5);
    }
    module.eval();
}

std::shared_ptr<Generator> trained_generator(const Spec& spec) {
    auto random = fixed_random();
    const auto g = build_generator(spec, random);
    ripen(*g);
    return g;
}

Noise noise_of(const Generator& g, std::int64_t rows, std::uint64_t seed = 31) {
    auto random = fixed_random(seed);
    return g.draw_noise(rows, random);
}

Tensor one_row(const Tensor& tensor, std::int64_t row) { return tensor.narrow(0, row, 1); }

Noise one_row(const Noise& noise, std::int64_t row) {
    Noise alone;
    for (const auto& level : noise) alone.push_back(one_row(level, row));
    return alone;
}

bool all_learn(const torch::nn::Module& module) {
    for (const auto& item : module.named_parameters())
        if (!item.value().grad().defined() || item.value().grad().abs().sum().item<float>() == 0) {
            qWarning("%s does not learn", item.key().c_str());
            return false;
        }
    return true;
}

/// The masks' corner of the local square, as "top left".
std::string box_around(const Tensor& mask, std::int64_t side) {
    const auto corner = local_boxes(mask.unsqueeze(0), side).front();
    return std::to_string(corner.top) + " " + std::to_string(corner.left);
}

std::int64_t parameters_of(const Spec& spec, char network) {
    auto random = fixed_random();
    if (network == 'G') return count_parameters(*build_generator(spec, random));
    if (network == 'D') return count_parameters(*build_discriminator(spec, random));
    return count_parameters(*build_predictor(spec, random));
}

}  // namespace

class NetworksTest : public QObject {
    Q_OBJECT

private slots:
    void shapes_follow_the_task() {
        using Shape = std::vector<std::int64_t>;
        const auto x_of = [](const std::string& kind) { return pair_shape(spec_of(kind)).x; };
        const auto classes = std::ssize(find_world("street").classes());
        QCOMPARE(x_of("toy"), Shape{1});
        QCOMPARE(x_of("labels"), (Shape{classes, 32, 32}));
        QCOMPARE(x_of("picture"), (Shape{3, 32, 32}));
        QCOMPARE(x_of("holes"), (Shape{4, 32, 32}));
        QCOMPARE(x_of("srgan"), (Shape{3, 8, 8}));
        for (const auto& [kind, settings] : kinds)
            QCOMPARE(pair_shape(spec_of(kind)).y, kind == "toy" ? Shape{1} : (Shape{3, 32, 32}));
        auto folder = spec_of("labels");
        folder.data.source = "folder";
        folder.data.classes = "Sky #4682b4, Road #804080";
        QCOMPARE(pair_shape(folder).x, (Shape{2, 32, 32}));
    }

    void every_network_takes_and_gives_the_shapes_data() { add_kinds(); }

    void every_network_takes_and_gives_the_shapes() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto networks = build_networks(spec, random);
        const auto x = conditions(spec, 2);
        const auto samples = networks.generator->forward(x, noise_of(*networks.generator, 6));
        QCOMPARE(samples.sizes().vec(), rows_of(pair_shape(spec).y, 6));
        if (spec.data.source != "toy") QVERIFY(samples.abs().max().item<float>() <= 1);
        QCOMPARE(networks.discriminator->forward(x, samples).size(0), 6);
        const auto predicted = networks.predictor->forward(x);
        QCOMPARE(predicted.centre.sizes().vec(), rows_of(pair_shape(spec).y, 2));
        QCOMPARE(predicted.log_dispersion.sizes().vec(), predicted.centre.sizes().vec());
    }

    void k_samples_equal_k_separate_calls_data() { add_kinds(); }

    void k_samples_equal_k_separate_calls() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto together = g->decode(g->encode(x), noise);
        QVERIFY(together.std().item<double>() > 1e-3);
        for (std::int64_t i = 0; i < 6; ++i)
            QVERIFY(largest_difference(g->forward(one_row(x, i / 3), one_row(noise, i)),
                                       one_row(together, i)) < 1e-5);
    }

    void the_encoder_runs_once_for_each_condition_data() { add_kinds(); }

    void the_encoder_runs_once_for_each_condition() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        for (const auto& features : g->encode(conditions(spec, 2))) QCOMPARE(features.size(0), 2);
    }

    void folding_leaves_the_pictures_as_they_were_data() { add_kinds(); }

    void folding_leaves_the_pictures_as_they_were() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto before = g->forward(x, noise);
        g->fold();
        const auto after = g->forward(x, noise);
        QVERIFY(largest_difference(before, after) < 1e-5);
        g->fold();
        QVERIFY(same_bits(g->forward(x, noise), after));
    }

    void folded_norms_are_gone_data() { add_pictures(); }

    void folded_norms_are_gone() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        g->fold();
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto before = g->forward(x, noise);
        for (auto& item : g->named_parameters())
            if (says(item.key(), "norm")) item.value().zero_();
        QVERIFY(same_bits(g->forward(x, noise), before));
    }

    void folding_leaves_the_prediction_as_it_was_data() { add_pictures(); }

    void folding_leaves_the_prediction_as_it_was() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto p = build_predictor(spec, random);
        ripen(*p);
        const auto x = conditions(spec, 2);
        const auto before = p->forward(x);
        p->fold();
        const auto after = p->forward(x);
        QVERIFY(!same_bits(before.log_dispersion, after.log_dispersion));
        QVERIFY(largest_difference(before.centre, after.centre) < 1e-5);
        QVERIFY(largest_difference(before.log_dispersion, after.log_dispersion) < 1e-5);
    }

    void every_noise_level_reaches_the_picture_data() { add_kinds(); }

    void every_noise_level_reaches_the_picture() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto g = build_generator(spec, random);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6), other = noise_of(*g, 6, 32);
        const auto before = g->forward(x, noise);
        for (std::size_t level = 0; level < noise.size(); ++level) {
            auto changed = noise;
            changed[level] = other[level];
            const auto difference = (g->forward(x, changed) - before).abs();
            // Every sample has its own.
            QVERIFY(difference.flatten(1).amax(1).min().item<float>() > 1e-4);
        }
    }

    void noise_has_the_levels_of_the_kind() {
        const auto levels = [](const std::string& kind) {
            auto random = fixed_random();
            return std::ssize(noise_of(*build_generator(spec_of(kind), random), 1));
        };
        QCOMPARE(levels("toy"), 1);
        QCOMPARE(levels("labels"), spec_of("labels").network.noise_levels);
        QCOMPARE(levels("srgan"), spec_of("srgan").network.blocks + 2);
        QCOMPARE(levels("glcic"), 3);
    }

    void the_noise_vector_is_one_more_level_data() {
        QTest::addColumn<std::string>("kind");
        QTest::newRow("srgan") << std::string("srgan");
        QTest::newRow("glcic") << std::string("glcic");
    }

    void the_noise_vector_is_one_more_level() {
        QFETCH(std::string, kind);
        auto random = fixed_random();
        const auto plain = noise_of(*build_generator(spec_of(kind), random), 5);
        auto with = noise_of(*build_generator(spec_of(kind + ", vector"), random), 5);
        QCOMPARE(with.back().sizes().vec(), (std::vector<std::int64_t>{5, 2, 1, 1}));
        with.pop_back();
        QCOMPARE(with.size(), plain.size());
        for (std::size_t i = 0; i < plain.size(); ++i) QVERIFY(same_bits(with[i], plain[i]));
    }

    void every_parameter_learns_data() { add_kinds(); }

    /// In eval mode: a batch norm that sees its own batch takes the bias before it out again.
    void every_parameter_learns() {
        const auto spec = fetched_spec();
        auto random = fixed_random();
        const auto networks = build_networks(spec, random);
        const std::initializer_list<torch::nn::Module*> modules{
            networks.generator.get(), networks.discriminator.get(), networks.predictor.get()};
        for (auto* module : modules) ripen(*module);
        const auto x = conditions(spec, 2);
        const auto samples = networks.generator->forward(x, noise_of(*networks.generator, 4));
        const auto predicted = networks.predictor->forward(x);
        const auto loss = (samples * pictures(spec, 4)).sum() +
                          networks.discriminator->forward(x, samples).square().sum() +
                          predicted.centre.square().sum() + predicted.log_dispersion.square().sum();
        loss.backward();
        for (const auto* module : modules) QVERIFY(all_learn(*module));
    }

    void srgan_passes_its_first_features_by_the_blocks() {
        const auto spec = spec_of("srgan");
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        for (auto& item : g->named_parameters())
            if (says(item.key(), ".last.")) item.value().zero_();
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 2);
        QVERIFY(largest_difference(g->forward(x, noise), g->forward(-x, noise)) > 1e-3);
    }

    void srgan_blocks_add_to_what_they_get() {
        const auto spec = spec_of("srgan");
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        for (auto& item : g->named_parameters())
            if (says(item.key(), "block1.second.norm")) item.value().zero_();
        const auto x = conditions(spec, 2);
        const auto before = g->forward(x, noise_of(*g, 2));
        const auto with_other = [&](std::size_t level) {
            auto noise = noise_of(*g, 2);
            noise[level] = -noise[level];
            return g->forward(x, noise);
        };
        QVERIFY(same_bits(with_other(1), before));
        QVERIFY(largest_difference(with_other(0), before) > 1e-3);
    }

    void known_pixels_stay_data() { add_holes(); }

    void known_pixels_stay() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto known = x.narrow(1, 0, 3).repeat_interleave(3, 0);
        const auto around = x.narrow(1, 3, 1).eq(0).repeat_interleave(3, 0).expand_as(known);
        const auto samples = g->forward(x, noise);
        QVERIFY(same_bits(samples.masked_select(around), known.masked_select(around)));
        QVERIFY(samples.masked_select(around.logical_not()).abs().min().item<float>() > 0);
    }

    void known_pixels_are_predicted_for_certain_data() { add_holes(); }

    void known_pixels_are_predicted_for_certain() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto p = build_predictor(spec, random);
        const auto x = conditions(spec, 2);
        const auto known = x.narrow(1, 0, 3);
        const auto around = x.narrow(1, 3, 1).eq(0).expand_as(known);
        const auto predicted = p->forward(x);
        QVERIFY(same_bits(predicted.centre.masked_select(around), known.masked_select(around)));
        QVERIFY(predicted.log_dispersion.masked_select(around).eq(-8).all().item<bool>());
        QVERIFY(predicted.log_dispersion.masked_select(around.logical_not()).ne(-8).all().item<bool>());
    }

    void predicted_dispersion_cannot_overflow() {
        const auto spec = tiny_toy("pmr2");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto p = build_predictor(spec, random);
        for (auto& parameter : p->parameters()) parameter.mul_(100);
        const auto predicted = p->forward(torch::linspace(-1, 1, 50).unsqueeze(1)).log_dispersion;
        QVERIFY(predicted.min().item<float>() >= -8 && predicted.max().item<float>() <= 2);
    }

    void discriminator_judges_samples_beside_their_conditions_data() { add_kinds(); }

    void discriminator_judges_samples_beside_their_conditions() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto d = build_discriminator(spec, random);
        ripen(*d);
        const auto x = conditions(spec, 2), y = pictures(spec, 6);
        const auto together = d->forward(x, y);
        for (std::int64_t i = 0; i < 6; ++i)
            QVERIFY(largest_difference(d->forward(one_row(x, i / 3), one_row(y, i)), one_row(together, i)) <
                    1e-5);
    }

    void patches_are_judged_one_by_one() {
        const auto spec = spec_of("labels");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto logits =
            build_discriminator(spec, random)->forward(conditions(spec, 2), pictures(spec, 2));
        QVERIFY(logits.size(1) == 1 && logits.size(2) > 1 && logits.size(3) > 1);
    }

    void srgan_judges_pictures_without_their_conditions() {
        const auto spec = spec_of("srgan");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto d = build_discriminator(spec, random);
        d->eval();
        const auto x = conditions(spec, 2), y = pictures(spec, 2);
        QVERIFY(same_bits(d->forward(x, y), d->forward(-x, y)));
    }

    void glcic_asks_the_condition_only_where_the_hole_is() {
        const auto spec = spec_of("glcic");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto d = build_discriminator(spec, random);
        ripen(*d);
        const auto x = conditions(spec, 2), y = pictures(spec, 2);
        const auto masks = x.narrow(1, 3, 1);
        const auto with = [&](const Tensor& picture, const Tensor& mask) {
            return d->forward(torch::cat({picture, mask}, 1), y);
        };
        const auto logits = with(x.narrow(1, 0, 3), masks);
        QVERIFY(same_bits(with(-x.narrow(1, 0, 3), masks), logits));
        QVERIFY(!same_bits(with(x.narrow(1, 0, 3), masks.roll(8, 3)), logits));
    }

    void the_local_square_lies_around_the_hole_data() {
        QTest::addColumn<std::vector<std::int64_t>>("hole");  // top, left, height, width
        QTest::addColumn<std::string>("corner");
        using Hole = std::vector<std::int64_t>;
        const auto add = [](const char* name, const Hole& hole, const std::string& corner) {
            QTest::newRow(name) << hole << corner;
        };
        add("in the middle", {10, 12, 4, 6}, "8 11");
        add("of odd size", {10, 12, 5, 3}, "8 9");
        add("as large as the square", {7, 9, 8, 8}, "7 9");
        add("larger than the square", {4, 4, 12, 16}, "6 8");
        add("at the top left", {0, 1, 2, 2}, "0 0");
        add("at the bottom right", {30, 29, 2, 3}, "24 24");
        add("at one edge", {15, 31, 2, 1}, "12 24");
        add("none", {0, 0, 0, 0}, "12 12");
    }

    void the_local_square_lies_around_the_hole() {
        QFETCH(std::vector<std::int64_t>, hole);
        QFETCH(std::string, corner);
        auto mask = torch::zeros({32, 32});
        mask.narrow(0, hole[0], hole[2]).narrow(1, hole[1], hole[3]).fill_(1);
        QCOMPARE(box_around(mask, 8), corner);
    }

    void the_local_square_holds_all_parts_of_a_hole() {
        auto mask = torch::zeros({32, 32});
        mask[5][20] = 1;
        mask[10][16] = 1;
        QCOMPARE(box_around(mask, 8), std::string("4 14"));
    }

    void spectral_norm_takes_the_place_of_batch_norm_data() { add_pictures(); }

    void spectral_norm_takes_the_place_of_batch_norm() {
        auto spec = fetched_spec();
        const auto has_norms = [&] {
            auto random = fixed_random();
            const auto d = build_discriminator(spec, random);
            int batch = 0, spectral = 0, kernels = 0;
            for (const auto& item : d->named_parameters()) {
                batch += says(item.key(), "norm");
                kernels += item.value().dim() == 4;
            }
            for (const auto& item : d->named_buffers()) spectral += says(item.key(), "left");
            return std::tuple{batch > 0, spectral, kernels};
        };
        const auto [batch, none, layers] = has_norms();
        QVERIFY(batch && none == 0);
        spec.network.discriminator_norm = "spectral";
        QVERIFY(has_norms() == (std::tuple{false, layers, layers}));
    }

    void only_needed_networks_are_built() {
        auto random = fixed_random();
        const auto plain = build_networks(tiny_toy("l1"), random),
                   proxy = build_networks(tiny_toy("gan+pmr1"), random);
        QVERIFY(plain.generator && !plain.discriminator && !plain.predictor);
        QVERIFY(proxy.generator && proxy.discriminator && proxy.predictor);
    }

    void building_and_drawing_leave_the_global_random_numbers_alone_data() { add_kinds(); }

    void building_and_drawing_leave_the_global_random_numbers_alone() {
        const auto before = global_random_state();
        auto random = fixed_random();
        build_networks(fetched_spec(), random).generator->draw_noise(4, random);
        QVERIFY(same_bits(global_random_state(), before));
    }

    void the_generator_decides_the_start_values_data() { add_kinds(); }

    void the_generator_decides_the_start_values() {
        const auto spec = fetched_spec();
        const auto first_weight = [&](std::uint64_t seed) {
            auto random = fixed_random(seed);
            return build_generator(spec, random)->parameters().front();
        };
        QVERIFY(same_bits(first_weight(1), first_weight(1)));
        QVERIFY(!same_bits(first_weight(1), first_weight(2)));
    }

    void copied_state_draws_the_same_pictures_data() { add_kinds(); }

    void copied_state_draws_the_same_pictures() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto from = trained_generator(spec);
        auto random = fixed_random(12);
        const auto to = build_generator(spec, random);
        to->eval();
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*from, 2);
        QVERIFY(!same_bits(to->forward(x, noise), from->forward(x, noise)));
        copy_state(*to, *from);
        QVERIFY(same_bits(to->forward(x, noise), from->forward(x, noise)));
    }

    void layers_respect_the_limit_of_weights_data() { add_kinds(); }

    void layers_respect_the_limit_of_weights() {
        const auto spec = fetched_spec();
        const auto build = [&](std::int64_t most) {
            return error_of([&] {
                const WeightLimit limit(most, "too large");
                auto random = fixed_random();
                build_generator(spec, random);
            });
        };
        const auto count = parameters_of(spec, 'G');
        QCOMPARE(build(count), std::string());
        QCOMPARE(build(count / 2), std::string("too large"));
    }

    void parameters_are_counted() {
        // (1 + 1 noise) → 8 → 8 → 1, with biases.
        QCOMPARE(parameters_of(tiny_toy("l1"), 'G'), 2 * 8 + 8 + 8 * 8 + 8 + 8 + 1);
    }

    void the_papers_networks_have_the_papers_sizes_data() {
        QTest::addColumn<std::string>("preset");
        QTest::addColumn<std::string>("network");
        QTest::addColumn<double>("millions");
        QTest::addColumn<double>("digit");
        const auto add = [](const char* preset, const char* network, double millions, double digit) {
            QTest::addRow("%s %s", preset, network)
                << std::string(preset) << std::string(network) << millions << digit;
        };
        add("pix2pix-cityscapes", "G", 55.2, 0.1);
        add("pix2pix-cityscapes", "D", 2.8, 0.1);
        add("pix2pix-maps", "P", 54.4, 0.1);
        add("srgan-celeba", "G", 0.84, 0.01);
        add("srgan-celeba", "D", 5.2, 0.1);
        add("srgan-celeba", "P", 0.75, 0.01);
        add("glcic-celeba", "G", 6.3, 0.1);
        add("glcic-celeba", "D", 32.5, 0.1);
        add("glcic-celeba", "P", 6.1, 0.1);
    }

    void the_papers_networks_have_the_papers_sizes() {
        QFETCH(std::string, preset);
        QFETCH(std::string, network);
        QFETCH(double, millions);
        QFETCH(double, digit);
        const auto count = static_cast<double>(parameters_of(preset_spec(preset), network[0]));
        QVERIFY(std::abs(count / 1e6 - millions) <= digit / 2);
    }

    void all_three_networks_are_measured_data() { add_kinds(); }

    void all_three_networks_are_measured() {
        QFETCH(std::string, kind);
        const auto size = measure_networks(spec_of(kind, "l1"));
        QCOMPARE(size.generator, parameters_of(spec_of(kind), 'G'));
        QCOMPARE(size.discriminator, parameters_of(spec_of(kind), 'D'));
        QCOMPARE(size.predictor, parameters_of(spec_of(kind), 'P'));
    }

    void multiply_adds_are_counted() {
        const auto toy = measure_networks(tiny_toy("l1"));
        QCOMPARE(toy.encoder, 0);
        QCOMPARE(toy.decoder, 2 * 8 + 8 * 8 + 8 * 1);

        auto spec = spec_of("srgan");
        spec.network.blocks = 1;
        spec.network.upsampling = "transposed";
        const auto srgan = measure_networks(spec);
        const std::int64_t f = spec.network.features, z = spec.network.noise_channels, at = 8 * 8;
        // What sees no noise: the first layer, and the block's convolution of what that gives.
        QCOMPARE(srgan.encoder, at * (81 * 3 * f + 9 * f * f));
        // The block's noise and second layer, the layer after it, two up-convolutions and the head.
        QCOMPARE(srgan.decoder, at * (9 * z * f + 9 * f * f + 9 * (f + z) * f + 9 * (f + z) * 4 * f +
                                      4 * 9 * f * 4 * f + 16 * 81 * f * 3));
    }

    void a_step_needs_memory_for_the_state_and_the_samples_data() { add_kinds(); }

    void a_step_needs_memory_for_the_state_and_the_samples() {
        QFETCH(std::string, kind);
        auto spec = spec_of(kind, "mr1");
        const auto with_samples = [&](std::int64_t k) {
            spec.objective.samples = k;
            return measure_networks(spec);
        };
        const auto two = with_samples(2), four = with_samples(4), six = with_samples(6);
        const auto state = 6 * 4 * two.generator;
        QVERIFY(two.step_memory > state);
        // Every sample costs the same, and at least its picture.
        const auto y = 4 * torch::ones(pair_shape(spec).y).numel() * spec.training.conditions;
        QVERIFY(four.step_memory - two.step_memory >= 2 * y);
        QVERIFY(std::abs((six.step_memory - four.step_memory) - (four.step_memory - two.step_memory)) <= 2);
    }

    void a_step_needs_memory_for_d_and_p() {
        const auto alone = measure_networks(spec_of("labels", "mr1")),
                   with_d = measure_networks(spec_of("labels", "gan+mr1")),
                   with_p = measure_networks(spec_of("labels", "pmr1"));
        QCOMPARE(with_p.step_memory - alone.step_memory, 4 * alone.predictor);
        QVERIFY(with_d.step_memory - alone.step_memory > 5 * 4 * alone.discriminator);
    }
};

std::unique_ptr<QObject> networks_test() { return std::make_unique<NetworksTest>(); }

}  // namespace modescope

#include "networks_test.moc"
