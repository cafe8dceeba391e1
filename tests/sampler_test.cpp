// Drawing from a trained model: what a seed, the noise's scale and the model file decide.
#include "core/sampling/sampler.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <limits>
#include <memory>
#include <thread>

#include "core/base/sha256.h"
#include "core/networks/networks.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sample_text.h"
#include "tests/support.h"

namespace modescope {

namespace {

using torch::Tensor;
using Seeds = std::vector<std::uint64_t>;

/// Weights large enough that noise and condition show in eight bits, as after a long training.
void strengthen(torch::nn::Module& module) {
    torch::NoGradGuard no_grad;
    for (auto& item : module.named_parameters())
        if (says(item.key(), "convolution.weight")) item.value().mul_(8);
}

Checkpoint model_of(const Spec& spec) {
    auto random = at::detail::createCPUGenerator(3);
    const auto networks = build_networks(spec, random);
    strengthen(*networks.generator);
    Checkpoint checkpoint{.spec = spec, .provenance = {{"step", 123}}};
    put(checkpoint, module_tensors("average.", *networks.generator));
    if (networks.predictor) {
        strengthen(*networks.predictor);
        put(checkpoint, module_tensors("predictor.", *networks.predictor));
    }
    return checkpoint;
}

Checkpoint model(const std::string& objective, const std::string& distribution = "gaussian") {
    auto spec = tiny_street(objective);
    set_field(spec, "objective.distribution=" + distribution);
    return model_of(spec);
}

/// A model file in a folder that goes away with it.
struct ModelOnDisk {
    explicit ModelOnDisk(const Checkpoint& checkpoint) { write_checkpoint(path, checkpoint); }
    QTemporaryDir folder;
    std::string path = folder.filePath("model.safetensors").toStdString();
};

std::shared_ptr<const Sampler> sampler_of(const Checkpoint& checkpoint) {
    return Sampler::load(ModelOnDisk(checkpoint).path);
}

Condition layout(std::uint64_t seed = 1, int size = 32) {
    Rng rng(seed);
    return {.labels = find_world("street").layout(size, rng).labels};
}

int largest_difference(const Image& a, const Image& b) {
    if (a.data.size() != b.data.size()) return 256;
    int largest = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i)
        largest = std::max(largest, std::abs(a.data[i] - b.data[i]));
    return largest;
}

bool nearly_equal(const Image& a, const Image& b) { return largest_difference(a, b) <= 1; }

/// The model's predictor as a network.
Prediction predicted_by(const Checkpoint& checkpoint, const Condition& condition) {
    torch::NoGradGuard no_grad;
    auto unused = at::detail::createCPUGenerator();
    const auto predictor = build_predictor(checkpoint.spec, unused);
    get(checkpoint, module_tensors("predictor.", *predictor));
    predictor->eval();
    return predictor->forward(to_tensor(condition, Task::labels, 8));
}

}  // namespace

class SamplerTest : public QObject {
    Q_OBJECT

private slots:
    void a_seed_gives_its_picture_whatever_its_neighbours_are() {
        const auto sampler = sampler_of(model("gan"));
        const auto several = sampler->sample(layout(), Seeds{7, 8, 9, 10, 11});
        const auto alone = sampler->sample(layout(), Seeds{9});
        const auto reversed = sampler->sample(layout(), Seeds{11, 10, 9});
        QCOMPARE(several.size(), std::size_t(5));
        QVERIFY(nearly_equal(several[2], alone.front()));
        QVERIFY(nearly_equal(several[2], reversed[2]));
        QVERIFY(nearly_equal(several[4], reversed[0]));
    }

    void another_seed_gives_another_picture() {
        const auto pictures = sampler_of(model("gan"))->sample(layout(), Seeds{1, 2, 3});
        QVERIFY(largest_difference(pictures[0], pictures[1]) > 10);
        QVERIFY(largest_difference(pictures[1], pictures[2]) > 10);
    }

    void pictures_have_the_model_s_size() {
        const auto sampler = sampler_of(model("gan"));
        const auto picture = sampler->sample(layout(), Seeds{1}).front();
        QCOMPARE(sampler->size(), 32);
        QCOMPARE(picture.width, 32);
        QCOMPARE(picture.height, 32);
        QCOMPARE(picture.channels, 3);
        QVERIFY(sampler->sample(layout(), Seeds{}).empty());
    }

    void without_noise_all_pictures_are_the_same() {
        const auto sampler = sampler_of(model("gan"));
        const auto pictures = sampler->sample(layout(), Seeds{1, 2, 3}, 0);
        QVERIFY(pictures[0] == pictures[1]);
        QVERIFY(pictures[0] == pictures[2]);
        QVERIFY(largest_difference(pictures[0], sampler->sample(layout(), Seeds{1}).front()) > 10);
    }

    void half_the_noise_is_between() {
        const auto sampler = sampler_of(model("gan"));
        const auto none = sampler->sample(layout(), Seeds{1}, 0).front();
        const auto half = sampler->sample(layout(), Seeds{1}, 0.5).front();
        const auto full = sampler->sample(layout(), Seeds{1}).front();
        QVERIFY(largest_difference(half, none) > 0 && largest_difference(half, full) > 0);
    }

    void the_drawing_decides_and_comes_back() {
        const auto sampler = sampler_of(model("gan"));
        const auto first = sampler->sample(layout(1), Seeds{1}).front();
        const auto other = sampler->sample(layout(2), Seeds{1}).front();
        QVERIFY(largest_difference(first, other) > 10);
        QVERIFY(sampler->sample(layout(1), Seeds{1}).front() == first);
    }

    void pictures_equal_the_network_s_own() {
        const auto checkpoint = model("gan");
        torch::NoGradGuard no_grad;
        auto unused = at::detail::createCPUGenerator();
        const auto g = build_generator(checkpoint.spec, unused);
        get(checkpoint, module_tensors("average.", *g));
        g->eval();
        const auto noise = g->draw_noise(1, unused);
        Noise silent;
        for (const auto& level : noise) silent.push_back(torch::zeros_like(level));
        const auto expected = to_image(g->forward(to_tensor(layout(), Task::labels, 8), silent)[0]);
        QVERIFY(nearly_equal(sampler_of(checkpoint)->sample(layout(), Seeds{1}, 0).front(), expected));
    }

    void a_training_s_model_can_be_drawn_from() {
        Trainer trainer(tiny_street("gan+10*pmr2"));
        train(trainer, 6);
        const auto sampler = sampler_of(trainer.inference_checkpoint(false));
        QCOMPARE(sampler->steps(), 2);
        QVERIFY(nearly_equal(sampler_of(trainer.checkpoint())->sample(layout(), Seeds{5}).front(),
                             sampler->sample(layout(), Seeds{5}).front()));
    }

    void a_label_map_of_another_size_is_refused() {
        const auto sampler = sampler_of(model("gan+pmr2"));
        const Condition wide{.labels = LabelMap(64, 32)};
        QVERIFY(says(error_of([&] { sampler->sample(layout(1, 64), Seeds{1}); }), "64 × 64"));
        QVERIFY(says(error_of([&] { sampler->sample(wide, Seeds{1}); }), "64 × 32"));
        QVERIFY(says(error_of([&] { sampler->predict(wide); }), "32 × 32"));
        QVERIFY(!error_of([&] { sampler->sample(Condition(), Seeds{1}); }).empty());
        // The refused drawing left nothing behind.
        QCOMPARE(sampler->sample(layout(), Seeds{1}).size(), std::size_t(1));
    }

    void only_models_with_a_predictor_predict() {
        QVERIFY(!sampler_of(model("gan"))->predict(layout()));
        QVERIFY(sampler_of(model("gan+pmr2"))->predict(layout()));
    }

    void predictions_are_in_the_pictures_scale_data() {
        QTest::addColumn<std::string>("distribution");
        QTest::newRow("gaussian") << std::string("gaussian");
        QTest::newRow("laplace") << std::string("laplace");
    }

    void predictions_are_in_the_pictures_scale() {
        QFETCH(std::string, distribution);
        const auto checkpoint = model("gan+pmr2", distribution);
        const auto found = *sampler_of(checkpoint)->predict(layout());
        const auto expected = predicted_by(checkpoint, layout());
        QCOMPARE(found.mean.width, 32);
        for (const auto [x, y, c] : {std::array{0, 0, 0}, std::array{31, 5, 1}, std::array{12, 30, 2}}) {
            const double dispersion = expected.log_dispersion[0][c][y][x].exp().item<double>();
            const double deviation =
                distribution == "laplace" ? std::sqrt(2.) * dispersion : std::sqrt(dispersion);
            QVERIFY(std::abs(found.mean.at(x, y, c) - (expected.centre[0][c][y][x].item<double>() + 1) / 2) <
                    1e-4);
            QVERIFY(std::abs(found.deviation.at(x, y, c) - deviation / 2) < 1e-4 * deviation + 1e-5);
        }
    }

    void predictions_around_a_hole_are_the_known_picture() {
        auto spec = tiny_street("gan+pmr2");
        set_field(spec, "data.task=inpainting");
        const auto x =
            derive_condition(Task::inpainting, Image(32, 32, 3, 77), 4, draw_hole(32, 8, 8, 16, 16));
        const auto found = *sampler_of(model_of(spec))->predict(x);
        for (std::size_t k = 0; k < found.mean.data.size(); ++k) {
            const bool open = x.mask.data[k / 3];
            QCOMPARE(found.deviation.data[k] > 0, open);
            QVERIFY(open || std::abs(found.mean.data[k] - 77 / 255.) < 1e-6);
        }
    }

    void half_precision_draws_nearly_the_same() {
        const auto full = model("gan+pmr2");
        auto half = full;
        for (auto& [name, tensor] : half.tensors)
            if (tensor.is_floating_point()) tensor = tensor.to(torch::kHalf);
        const auto expected = sampler_of(full)->sample(layout(), Seeds{1}).front();
        const auto found = sampler_of(half)->sample(layout(), Seeds{1}).front();
        QVERIFY(largest_difference(found, expected) <= 4);
        QVERIFY(sampler_of(half)->predict(layout()));
    }

    void many_threads_draw_from_one_sampler() {
        const auto sampler = sampler_of(model("gan"));
        std::array<Image, 4> expected, found;
        for (int i = 0; i < 4; ++i) expected[i] = sampler->sample(layout(i), Seeds{1}).front();
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int again = 0; again < 5; ++again)
                    found[i] = sampler->sample(layout(i), Seeds{1}).front();
            });
        for (auto& thread : threads) thread.join();
        for (int i = 0; i < 4; ++i) QVERIFY(nearly_equal(found[i], expected[i]));
    }

    void drawing_leaves_global_random_numbers_alone() {
        const auto before = global_random_state();
        const auto sampler = sampler_of(model("gan+pmr2"));
        sampler->sample(layout(), Seeds{1, 2});
        sampler->predict(layout());
        QVERIFY(same_bits(global_random_state(), before));
    }

    void files_that_are_no_picture_models_are_refused() {
        Trainer toy(tiny_toy("gan"));
        const ModelOnDisk file(toy.checkpoint());
        QVERIFY(says(error_of([&] { Sampler::load(file.path); }), file.path));
        auto incomplete = model("gan");
        incomplete.tensors.erase(incomplete.tensors.begin());
        const ModelOnDisk damaged(incomplete);
        QVERIFY(says(error_of([&] { Sampler::load(damaged.path); }), damaged.path));
        QVERIFY(says(error_of([] { Sampler::load("/no/such/model"); }), "/no/such/model"));
    }

    void strange_provenance_does_not_matter_data() {
        QTest::addColumn<std::string>("provenance");
        for (const char* text :
             {"{}", "null", "[1]", "\"by hand\"", R"({"step": "many"})", R"({"step": null})"})
            QTest::newRow(text) << std::string(text);
    }

    void strange_provenance_does_not_matter() {
        QFETCH(std::string, provenance);
        auto checkpoint = model("gan");
        checkpoint.provenance = nlohmann::json::parse(provenance);
        QCOMPARE(sampler_of(checkpoint)->steps(), 0);
    }

    void steps_before_it_started_count_too() {
        auto checkpoint = model("gan");
        checkpoint.provenance = nlohmann::json::parse(
            R"({"step": 30, "started_from": {"step": 5, "started_from": {"step": 700}}})");
        QCOMPARE(sampler_of(checkpoint)->steps(), 735);
        checkpoint.provenance["started_from"] = "a friend";
        QCOMPARE(sampler_of(checkpoint)->steps(), 30);
        checkpoint.provenance["started_from"] = {{"step", std::numeric_limits<std::int64_t>::max()}};
        QVERIFY(sampler_of(checkpoint)->steps() > 0);
    }

    void samples_of_a_folder_have_names_of_their_own() {
        const NoiseRecipe centre(5);
        const std::vector<NoiseRecipe> noises{
            centre, vary(centre, 8, 1), vary(centre, 9, 1), vary(centre, 9, 0.5),
            centre, NoiseRecipe(6, 0.5)};
        const std::vector<std::string> names{"seed-5.png",   "seed-8.png",   "seed-9.png",
                                             "sample-4.png", "sample-5.png", "sample-6.png"};
        QVERIFY(sample_file_names(noises) == names);
    }

    void the_hash_is_of_what_was_loaded() {
        const ModelOnDisk file(model("gan"));
        const auto asked = Sampler::load(file.path), late = Sampler::load(file.path);
        const auto hash = sha256_of_file(file.path);
        QCOMPARE(asked->file_hash(), hash);
        const auto hash_lines = [](const Sampler& sampler) {
            const NoiseRecipe noise(1);
            return std::ranges::count_if(sample_text(sampler, std::span(&noise, 1)),
                                         [](const auto& line) { return line.first == "Model SHA-256"; });
        };
        QCOMPARE(hash_lines(*asked), 1);
        write_checkpoint(file.path, model("gan+pmr2"));
        QCOMPARE(late->file_hash(), std::string());
        QCOMPARE(hash_lines(*late), 0);
        QCOMPARE(asked->file_hash(), hash);
        QCOMPARE(Sampler::load(file.path)->file_hash(), sha256_of_file(file.path));
    }

    void moments_of_pictures() {
        const auto moments = sample_moments({Image(2, 1, 3, 0), Image(2, 1, 3, 255), Image(2, 1, 3, 255)});
        for (int x = 0; x < 2; ++x)
            for (int c = 0; c < 3; ++c) {
                QVERIFY(std::abs(moments.mean.at(x, 0, c) - 2 / 3.) < 1e-6);
                // With n − 1: (4/9 + 1/9 + 1/9) / 2.
                QVERIFY(std::abs(moments.deviation.at(x, 0, c) - std::sqrt(1 / 3.)) < 1e-6);
            }
    }

    void shipped_models_are_found_by_name() {
        const ModelOnDisk file(model("gan"));
        qputenv("MODESCOPE_MODELS", file.folder.path().toLocal8Bit());
        const auto models = shipped_models();
        QCOMPARE(models.size(), std::size_t(1));
        QCOMPARE(models.front().name, std::string("model"));
        QCOMPARE(find_model("model"), file.path);
        QCOMPARE(find_model(file.path), file.path);
        QCOMPARE(find_model(file.folder.path().toStdString()), file.path);  // a run's folder
        QVERIFY(says(error_of([] { find_model("modle"); }), "model"));
        qunsetenv("MODESCOPE_MODELS");
    }
};

std::unique_ptr<QObject> sampler_test() { return std::make_unique<SamplerTest>(); }

}  // namespace modescope

#include "sampler_test.moc"
