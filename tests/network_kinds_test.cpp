// What single kinds of networks promise: the levels of their noise, SRGAN's blocks, the holes of inpainting,
// and what their discriminators look at.
#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "core/networks/glcic.h"
#include "tests/tiny_networks.h"

namespace modescope {

namespace {

using torch::Tensor;

void add_holes() {
    QTest::addColumn<std::string>("kind");
    QTest::newRow("pix2pix") << std::string("holes");
    QTest::newRow("glcic") << std::string("glcic");
}

/// The masks' corner of the local square, as "top left".
std::string box_around(const Tensor& mask, std::int64_t side) {
    const auto corner = local_boxes(mask.unsqueeze(0), side).front();
    return std::to_string(corner.top) + " " + std::to_string(corner.left);
}

}  // namespace

class NetworkKindsTest : public QObject {
    Q_OBJECT

private slots:
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
};

std::unique_ptr<QObject> network_kinds_test() { return std::make_unique<NetworkKindsTest>(); }

}  // namespace modescope

#include "network_kinds_test.moc"
