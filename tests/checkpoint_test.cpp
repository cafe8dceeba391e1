// Checkpoint files: exact round trips, and one clear sentence for every kind of damage.
#include "core/training/checkpoint.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "tests/support.h"

namespace modescope {

namespace {

using nlohmann::json;
using torch::Tensor;

/// A file in a folder that goes away with it.
class File {
public:
    const std::string& path() const { return path_; }
    /// Thousands of times: so without write_file's sync, and anew, for cutting a file short syncs too.
    void write(const std::string& bytes) const {
        std::filesystem::remove(path_);
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    /// A safetensors file of that header, with the length it really has.
    void write(const std::string& header, const std::string& data) const {
        write(bytes_of_length(header.size()) + header + data);
    }
    static std::string bytes_of_length(std::uint64_t length) {
        std::string bytes(8, '\0');
        std::memcpy(bytes.data(), &length, 8);
        return bytes;
    }
    /// What reading says; empty if it succeeds.
    std::string error() const {
        return error_of([&] { read_checkpoint(path_); });
    }

private:
    QTemporaryDir folder_;
    std::string path_ = folder_.filePath("some.safetensors").toStdString();
};

Checkpoint small_checkpoint() {
    Checkpoint checkpoint{.spec = preset_spec("toy"), .provenance = {{"step", 7}, {"program", "a test"}}};
    checkpoint.tensors["a"] = torch::arange(6, torch::kFloat).view({2, 3});
    checkpoint.tensors["b"] = torch::arange(3, torch::kLong);
    return checkpoint;
}

json metadata() {
    return {{"format", "modescope 1"}, {"spec", to_json(preset_spec("toy")).dump()}, {"provenance", "{}"}};
}

/// A header with one tensor of 16 bytes, of which a test changes a part.
json header_with(const json& tensor) { return {{"__metadata__", metadata()}, {"a", tensor}}; }

json good_entry() { return {{"dtype", "F32"}, {"shape", {2, 2}}, {"data_offsets", {0, 16}}}; }

json changed(const std::string& key, const json& value) {
    auto entry = good_entry();
    entry[key] = value;
    return entry;
}

std::string trained_file(const File& file, const Spec& spec, int steps) {
    Trainer trainer(spec);
    train(trainer, steps);
    write_checkpoint(file.path(), trainer.checkpoint());
    return read_file(file.path());
}

std::uint64_t header_length(const std::string& bytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    return length;
}

}  // namespace

class CheckpointTest : public QObject {
    Q_OBJECT

private slots:
    void every_type_survives_data() {
        QTest::addColumn<int>("type");
        for (const auto type :
             {torch::kFloat, torch::kHalf, torch::kDouble, torch::kBFloat16, torch::kLong, torch::kByte})
            QTest::newRow(c10::toString(type)) << static_cast<int>(type);
    }

    void every_type_survives() {
        QFETCH(int, type);
        const File file;
        auto checkpoint = small_checkpoint();
        checkpoint.tensors["x"] =
            torch::linspace(0, 200, 30).view({2, 3, 5}).to(static_cast<torch::ScalarType>(type));
        write_checkpoint(file.path(), checkpoint);
        QCOMPARE(first_difference(read_checkpoint(file.path()), checkpoint), std::string());
    }

    void every_shape_survives() {
        const File file;
        auto checkpoint = small_checkpoint();
        checkpoint.tensors["scalar"] = torch::tensor(1.5);
        checkpoint.tensors["empty"] = torch::empty({0, 3});
        checkpoint.tensors["odd bytes"] = torch::arange(5, torch::kByte);
        checkpoint.tensors["z after them"] = torch::tensor({0.1, -0.0, 1e300}, torch::kDouble);
        put(checkpoint, {{"transposed", torch::arange(6, torch::kFloat).view({2, 3}).t()}});
        write_checkpoint(file.path(), checkpoint);
        const auto read = read_checkpoint(file.path());
        QCOMPARE(first_difference(read, checkpoint), std::string());
        QVERIFY(torch::equal(read.at("transposed"), torch::arange(6, torch::kFloat).view({2, 3}).t()));
    }

    void special_numbers_survive() {
        const File file;
        auto checkpoint = small_checkpoint();
        checkpoint.tensors["special"] = torch::tensor({NAN, INFINITY, -INFINITY, -0.0f, 1e-45f});
        write_checkpoint(file.path(), checkpoint);
        QCOMPARE(first_difference(read_checkpoint(file.path()), checkpoint), std::string());
    }

    void spec_and_provenance_survive() {
        const File file;
        auto checkpoint = small_checkpoint();
        checkpoint.spec = tiny_street("gan+10*pmr2");
        write_checkpoint(file.path(), checkpoint);
        const auto read = read_checkpoint(file.path());
        QVERIFY(to_json(read.spec) == to_json(checkpoint.spec));
        QVERIFY(read.provenance == checkpoint.provenance);
        QCOMPARE(read.origin, file.path());
    }

    void the_file_is_a_proper_safetensors_file() {
        const File file;
        write_checkpoint(file.path(), small_checkpoint());
        const auto bytes = read_file(file.path());
        const auto length = header_length(bytes);
        QCOMPARE(length % 8, 0u);
        const auto header = json::parse(bytes.substr(8, length));
        QVERIFY(header["a"]["data_offsets"] == json({0, 24}));
        QVERIFY(header["b"]["data_offsets"] == json({24, 48}));
        QCOMPARE(bytes.size(), 8 + length + 48);
        for (const auto& [key, value] : header["__metadata__"].items())
            QVERIFY2(value.is_string(), key.c_str());
    }

    void other_types_are_refused_when_saving() {
        const File file;
        auto checkpoint = small_checkpoint();
        checkpoint.tensors["int"] = torch::zeros({2}, torch::kInt);
        QVERIFY(says(error_of([&] { write_checkpoint(file.path(), checkpoint); }), "cannot be saved"));
    }

    void cut_off_files_are_refused() {
        const File whole, cut;
        const auto bytes = trained_file(whole, tiny_toy("gan+pmr2"), 6);
        const auto data = 8 + header_length(bytes);
        for (std::size_t length = 0; length < bytes.size(); length += length < 32          ? 1
                                                                      : length < data + 64 ? 41
                                                                                           : 997) {
            cut.write(bytes.substr(0, length));
            QVERIFY2(says(cut.error(), cut.path()), qPrintable(QString::number(length)));
        }
        cut.write(bytes.substr(0, bytes.size() - 1));
        QVERIFY(says(cut.error(), cut.path()));
    }

    void flipped_header_bytes_never_crash() {
        const File whole, damaged;
        write_checkpoint(whole.path(), small_checkpoint());
        const auto bytes = read_file(whole.path());
        int refused = 0;
        for (std::size_t i = 0; i < 8 + header_length(bytes); ++i)
            for (const char flip : {1, 32, -128}) {
                auto changed = bytes;
                changed[i] ^= flip;
                damaged.write(changed);
                const auto error = damaged.error();
                QVERIFY2(error.empty() || says(error, damaged.path()), error.c_str());
                refused += !error.empty();
            }
        QVERIFY(refused > 1000);
    }

    void a_trainer_never_crashes_on_flipped_header_bytes() {
        const File whole, damaged;
        const auto bytes = trained_file(whole, tiny_toy("gan"), 2);
        for (std::size_t i = 8; i < 8 + header_length(bytes); i += 17) {
            auto changed = bytes;
            changed[i] ^= 1;
            damaged.write(changed);
            const auto error = error_of([&] { Trainer(read_checkpoint(damaged.path())); });
            QVERIFY2(error.empty() || says(error, damaged.path()), error.c_str());
        }
    }

    void wrong_header_lengths_are_refused_data() {
        QTest::addColumn<quint64>("length");
        QTest::newRow("nothing") << quint64(0);
        QTest::newRow("one more than there is") << quint64(101);
        QTest::newRow("longer than any header") << quint64(100'000'001);
        QTest::newRow("negative") << ~quint64(0);
        QTest::newRow("wraps around") << ~quint64(0) - 7;
    }

    void wrong_header_lengths_are_refused() {
        QFETCH(quint64, length);
        const File file;
        auto bytes = File::bytes_of_length(length);
        bytes.append(100, ' ');
        file.write(bytes);
        QVERIFY(says(file.error(), file.path()));
        // Found by the length itself, before anything is read there.
        QCOMPARE(says(file.error(), "cut off"), length > 100);
    }

    void foreign_headers_are_refused_data() {
        QTest::addColumn<std::string>("header");
        QTest::newRow("list") << std::string("[]");
        QTest::newRow("number") << std::string("5");
        QTest::newRow("null") << std::string("null");
        QTest::newRow("not json") << std::string("{\"a\":");
        QTest::newRow("not UTF-8") << std::string("{\"\xff\xfe\": 1}");
        QTest::newRow("deeply nested") << std::string(100'000, '[');
        QTest::newRow("no metadata") << json{{"a", good_entry()}}.dump();
        QTest::newRow("metadata of another program") << json{{"__metadata__", {{"format", "pt"}}}}.dump();
        QTest::newRow("metadata is a text") << json{{"__metadata__", "spec"}}.dump();
        QTest::newRow("spec is a number") << json{{"__metadata__", {{"spec", 5}}}}.dump();
        QTest::newRow("spec is not json") << json{{"__metadata__", {{"spec", "{"}}}}.dump();
        QTest::newRow("spec has an unknown key")
            << json{{"__metadata__", {{"spec", R"({"training": {"bach": 1}})"}}}}.dump();
        QTest::newRow("spec is out of range")
            << json{{"__metadata__", {{"spec", R"({"training": {"batch": -1}})"}}}}.dump();
    }

    void foreign_headers_are_refused() {
        QFETCH(std::string, header);
        const File file;
        file.write(header, std::string(16, '\0'));
        QVERIFY2(says(file.error(), file.path()), file.error().c_str());
    }

    void damaged_entries_are_refused_data() {
        QTest::addColumn<std::string>("entry");
        const auto row = [](const char* name, const json& entry) { QTest::newRow(name) << entry.dump(); };
        row("not an object", 3);
        row("unknown type", changed("dtype", "Q4"));
        row("type is a number", changed("dtype", 4));
        row("larger than its place", changed("shape", {2, 3}));
        row("smaller than its place", changed("shape", {2, 1}));
        row("negative side", changed("shape", {-2, -2}));
        row("fractional side", changed("shape", {2.0, 2.0}));
        row("side is a text", changed("shape", {"2", "2"}));
        row("shape is a text", changed("shape", "2, 2"));
        row("product overflows", changed("shape", {4294967296, 4294967296}));
        row("side overflows", changed("shape", {18446744073709551615ull, 4}));
        row("bytes overflow", changed("shape", {4611686018427387908ull}));
        row("empty and huge",
            {{"dtype", "F32"}, {"shape", {0, 4611686018427387904, 16}}, {"data_offsets", {0, 0}}});
        row("outside the file", changed("data_offsets", {16, 32}));
        row("across the end", changed("data_offsets", {8, 24}));
        row("backwards", changed("data_offsets", {16, 0}));
        row("negative place", changed("data_offsets", {-16, 0}));
        row("huge place", changed("data_offsets", {18446744073709551600ull, 18446744073709551615ull}));
        row("one offset", changed("data_offsets", json::array({0})));
        row("offsets are texts", changed("data_offsets", {"0", "16"}));
        row("no offsets", {{"dtype", "F32"}, {"shape", {2, 2}}});
    }

    void damaged_entries_are_refused() {
        QFETCH(std::string, entry);
        const File file;
        file.write(header_with(good_entry()).dump(), std::string(16, '\0'));
        QCOMPARE(file.error(), std::string());
        file.write(header_with(json::parse(entry)).dump(), std::string(16, '\0'));
        QVERIFY2(says(file.error(), file.path()), file.error().c_str());
    }

    void missing_and_foreign_files_are_refused() {
        const QTemporaryDir folder;
        for (const auto& path : {folder.filePath("missing").toStdString(), folder.path().toStdString()})
            QVERIFY(says(error_of([&] { read_checkpoint(path); }), path));
    }

    void a_trainer_refuses_what_does_not_fit_data() {
        QTest::addColumn<std::string>("tensor");
        for (const char* name :
             {"generator.trunk.layers.first.weight", "average.trunk.layers.last.bias", "counters",
              "discriminator.layers.second.weight", "optimiser.generator.first_moment", "random.noise"})
            QTest::newRow(name) << std::string(name);
    }

    void a_trainer_refuses_what_does_not_fit() {
        QFETCH(std::string, tensor);
        const File file;
        trained_file(file, tiny_toy("gan"), 2);
        const auto good = read_checkpoint(file.path());
        auto reshaped = good, missing = good;
        reshaped.tensors[tensor] = torch::zeros({3, 1}, good.at(tensor).options());
        missing.tensors.erase(tensor);
        for (const auto& bad : {reshaped, missing}) {
            const auto message = error_of([&] { Trainer trainer(bad); });
            QVERIFY2(says(message, file.path()) && says(message, tensor), message.c_str());
        }
    }

    void a_trainer_refuses_damaged_random_numbers() {
        const File file;
        trained_file(file, tiny_toy("gan"), 2);
        for (const int byte : {0, 255}) {
            auto bad = read_checkpoint(file.path());
            bad.tensors["random.noise"] = torch::full_like(bad.at("random.noise"), byte);
            const auto message = error_of([&] { Trainer trainer(bad); });
            QVERIFY2(says(message, file.path()), message.c_str());
        }
    }

    void a_failed_write_leaves_the_old_file() {
        const File file;
        write_checkpoint(file.path(), small_checkpoint());
        const auto before = read_file(file.path());
        auto unsavable = small_checkpoint();
        unsavable.tensors["c"] = torch::zeros({2}, torch::kBool);
        QVERIFY(!error_of([&] { write_checkpoint(file.path(), unsavable); }).empty());
        QVERIFY(read_file(file.path()) == before);
    }

    void a_missing_folder_is_named() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("no/such/c.safetensors").toStdString();
        QVERIFY(says(error_of([&] { write_checkpoint(path, small_checkpoint()); }), path));
    }
};

std::unique_ptr<QObject> checkpoint_test() { return std::make_unique<CheckpointTest>(); }

}  // namespace modescope

#include "checkpoint_test.moc"
