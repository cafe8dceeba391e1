// Raw tensor files, and the limit that keeps a stranger's spec from building what his file cannot fill.
#include "core/training/safetensors.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/networks/layers.h"
#include "core/networks/weight_limit.h"
#include "core/sampling/sampler.h"
#include "tests/support.h"

namespace modescope {

namespace {

using nlohmann::json;

/// Weights of a layer that is built now, and of nothing else.
void build_linear(std::int64_t inputs, std::int64_t outputs) {
    auto random = at::detail::createCPUGenerator(1);
    LinearLayer(inputs, outputs, random);
}

void build_convolution() {
    auto random = at::detail::createCPUGenerator(1);
    ConvLayer({.inputs = 3, .outputs = 5, .kernel = 4}, random);
}
constexpr std::int64_t convolution_weights = 5 * 3 * 4 * 4;

json entry(std::uint64_t begin, std::uint64_t end) {
    return {{"dtype", "F32"}, {"shape", {(end - begin) / 4}}, {"data_offsets", {begin, end}}};
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private:
    std::string path() const { return folder_.filePath("a.safetensors").toStdString(); }

    std::string error_of_reading(const json& header, std::size_t data) const {
        const auto text = header.dump();
        std::string length(8, '\0');
        const std::uint64_t size = text.size();
        std::memcpy(length.data(), &size, 8);
        write_file(path(), length + text + std::string(data, '\0'));
        return error_of([&] { read_safetensors(path()); });
    }

    /// A checkpoint of a small training whose spec claims larger networks.
    Checkpoint boastful(const Spec& spec, const std::vector<const char*>& settings) const {
        Trainer trainer(spec);
        train(trainer, 1);
        auto checkpoint = trainer.checkpoint();
        for (const char* setting : settings) set_field(checkpoint.spec, setting);
        checkpoint.origin = path();
        return checkpoint;
    }

    const QTemporaryDir folder_;

private slots:
    void contents_survive_data() {
        QTest::addColumn<bool>("metadata");
        QTest::newRow("with metadata") << true;
        QTest::newRow("without") << false;
    }

    void contents_survive() {
        QFETCH(bool, metadata);
        Safetensors contents{.tensors = {{"a", torch::arange(6).view({2, 3})}, {"b.ü", torch::rand({5})}}};
        if (metadata) contents.metadata = {{"net", "a \"net\""}, {"empty", ""}};
        write_safetensors(path(), contents);
        const auto read = read_safetensors(path());
        QVERIFY(read.metadata == contents.metadata);
        QCOMPARE(read.tensors.size(), contents.tensors.size());
        for (const auto& [name, tensor] : contents.tensors) QVERIFY(same_bits(read.tensors.at(name), tensor));
    }

    void an_empty_file_survives() {
        write_safetensors(path(), {});
        QVERIFY(read_safetensors(path()).tensors.empty());
    }

    void tensors_that_share_a_place_are_refused() {
        QCOMPARE(error_of_reading({{"a", entry(0, 16)}, {"b", entry(16, 32)}}, 32), std::string());
        const auto error = error_of_reading({{"a", entry(0, 32)}, {"b", entry(16, 32)}}, 32);
        QVERIFY2(says(error, path()) && says(error, "tensor b"), error.c_str());
    }

    void metadata_is_text() {
        for (const auto& metadata : {json(5), json{{"a", 5}}, json::array({"a"})})
            QVERIFY(says(error_of_reading({{"__metadata__", metadata}}, 0), "metadata"));
    }

    void shapes_read_well() {
        QCOMPARE(shape_text(torch::zeros({1, 64, 3})), std::string("1×64×3"));
        QCOMPARE(shape_text(torch::zeros({})), std::string());
    }

    void layers_keep_to_the_limit() {
        const WeightLimit limit(2 * convolution_weights, "too many");
        build_convolution();
        build_convolution();
        QCOMPARE(error_of(build_convolution), std::string("too many"));
    }

    void linear_layers_keep_to_the_limit() {
        const WeightLimit limit(20, "too many");
        QCOMPARE(error_of([] { build_linear(3, 4); }), std::string());
        QCOMPARE(error_of([] { build_linear(3, 4); }), std::string("too many"));
    }

    void a_limit_ends_with_its_scope() {
        const WeightLimit outer(convolution_weights, "outer");
        {
            const WeightLimit inner(0, "inner");
            QCOMPARE(error_of(build_convolution), std::string("inner"));
        }
        QCOMPARE(error_of(build_convolution), std::string());
        QCOMPARE(error_of(build_convolution), std::string("outer"));
    }

    void a_limit_is_its_thread_s_own() {
        const WeightLimit limit(0, "too many");
        std::string error = "not run";
        std::thread([&] { error = error_of(build_convolution); }).join();
        QCOMPARE(error, std::string());
    }

    void a_boastful_spec_is_refused_before_it_takes_memory() {
        const double before = resident_megabytes();
        const auto huge_toy = boastful(tiny_toy("gan+pmr2"), {"network.features=512"});
        const auto huge_street =
            boastful(tiny_street("gan+pmr2"), {"network.features=512", "network.widest=16"});
        for (const auto& checkpoint : {huge_toy, huge_street}) {
            const auto error = error_of([&] { Trainer trainer(checkpoint); });
            QVERIFY2(says(error, path()) && says(error, "larger networks"), error.c_str());
        }
        write_checkpoint(path(), huge_street);
        QVERIFY(says(error_of([&] { Sampler::load(path()); }), "larger networks"));
        QVERIFY(resident_megabytes() < before + 200);
    }

    /// At every point of a training, with and without P, in full and for sampling.
    void honest_specs_are_not_refused() {
        for (const char* objective : {"gan", "gan+pmr2", "l1", "pmr2"})
            for (const int steps : {1, 6}) {
                Trainer trainer(tiny_street(objective));
                train(trainer, steps);
                Trainer again(trainer.checkpoint());
                write_checkpoint(path(), trainer.inference_checkpoint(true));
                QVERIFY(Sampler::load(path()) != nullptr);
            }
    }
};

std::unique_ptr<QObject> safetensors_test() { return std::make_unique<SafetensorsTest>(); }

}  // namespace modescope

#include "safetensors_test.moc"
