// What strangers' files may do: nothing but be refused with one sentence. The corpus of the fuzz targets is
// replayed, damaged on the way, and the files that the fuzzers' small inputs cannot be are made here.
#include <torch/torch.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/base/text.h"
#include "core/metrics/lpips.h"
#include "core/sampling/sampler.h"
#include "core/tasks/condition_file.h"
#include "core/training/run_directory.h"
#include "core/training/safetensors.h"
#include "tests/data_folder.h"
#include "tests/error_of.h"
#include "tests/fuzz/entries.h"
#include "tests/support.h"

namespace modescope {

namespace {

using nlohmann::json;

const std::string escape = "\x1b[31m";

std::vector<std::string> corpus_of(const std::string& entry) {
    const auto folder = MODESCOPE_FUZZ_CORPUS "/" + entry;
    std::vector<std::string> files;
    for (const auto& name : QDir(QString::fromStdString(folder)).entryList(QDir::Files, QDir::Name))
        files.push_back(read_file(folder + "/" + name.toStdString()));
    return files;
}

/// Cut off, flipped, doubled and overwritten at places that the seed picks.
std::string damaged(std::string bytes, std::uint64_t seed) {
    Rng rng(seed);
    if (bytes.empty()) return bytes;
    const auto place = [&] { return static_cast<std::size_t>(rng.index(static_cast<int>(bytes.size()))); };
    const auto at = place();
    switch (seed % 4) {
        case 0:
            return bytes.substr(0, at);
        case 1:
            return bytes.substr(0, at) + bytes;
        case 2:
            bytes[at] = static_cast<char>(rng.next());
            return bytes;
        default:
            bytes[at] ^= static_cast<char>(1 << rng.index(8));
            bytes[place()] = rng.chance(0.5) ? '\0' : '\xff';
            return bytes;
    }
}

/// Empty if it is one printable line that can be read at a glance.
QByteArray fault_of(const std::string& message) {
    if (message.empty()) return {};
    const bool printable =
        std::ranges::none_of(message, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    const bool fits = message.size() < 1000 && is_utf8(message);
    const bool ends = message.ends_with('.') || message.ends_with('?');
    return printable && fits && ends ? QByteArray() : QByteArray::fromStdString(message);
}

/// A header that a test has written, its length before it and eight bytes of data behind it.
std::string tensors_file(const std::string& header) {
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + "12345678";
}
std::string tensors_file(const json& header) { return tensors_file(header.dump()); }

/// Of a tensor that all of the data belongs to.
json entry(const json& shape) { return {{"dtype", "U8"}, {"shape", shape}, {"data_offsets", {0, 8}}}; }

std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::string little_endian(std::uint32_t value) {
    auto bytes = big_endian(value);
    std::ranges::reverse(bytes);
    return bytes;
}

Spec tiny(const char* preset, const std::vector<const char*>& settings) {
    auto spec = preset_spec(preset);
    set_objective(spec, "gan+pmr2");
    for (const char* setting : settings) set_field(spec, setting);
    return spec;
}

Checkpoint model_of(const Spec& spec, float weight) {
    auto random = at::detail::createCPUGenerator(1);
    Checkpoint checkpoint{.spec = spec, .provenance = {{"step", 1}}};
    put(checkpoint, module_tensors("average.", *build_generator(spec, random)));
    put(checkpoint, module_tensors("predictor.", *build_predictor(spec, random)));
    for (auto& [name, tensor] : checkpoint.tensors)
        if (tensor.is_floating_point()) tensor.fill_(weight);
    return checkpoint;
}

Condition condition_of(const Spec& spec) {
    const auto [task, size, scale, holes] = task_settings(spec.data);
    if (task == Task::labels) return {.labels = LabelMap(size, size)};
    const int side = task == Task::super_resolution ? size / scale : size;
    return {.picture = Image(side, side, 3), .mask = LabelMap(size, size, 1)};
}

/// "[[…]]", so many levels deep.
std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

}  // namespace

class DamageTest : public QObject {
    Q_OBJECT

private slots:
    void every_entry_takes_its_corpus_data() { add_entries(); }

    void every_entry_takes_its_corpus() {
        QFETCH(int, entry);
        const auto& [name, take] = fuzz::entries()[entry];
        const auto corpus = corpus_of(name);
        QVERIFY(!corpus.empty());
        int accepted = 0;
        for (const auto& bytes : corpus) {
            const auto message = take(bytes);
            accepted += message.empty();
            QCOMPARE(fault_of(message), QByteArray());
        }
        // LPIPS weights are megabytes; the others' corpus must reach what comes after reading.
        QCOMPARE(accepted > 0, std::string_view(name) != "lpips");
    }

    void every_entry_takes_damage_data() { add_entries(); }

    void every_entry_takes_damage() {
        QFETCH(int, entry);
        const auto& [name, take] = fuzz::entries()[entry];
        constexpr std::uint64_t tries = 150;
        const auto corpus = corpus_of(name);
        for (std::uint64_t seed = 0; seed < tries; ++seed)
            QCOMPARE(fault_of(take(damaged(corpus[seed % corpus.size()], seed))), QByteArray());
        QCOMPARE(fault_of(take({})), QByteArray());
    }

    void headers_are_refused_data() {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* name, const std::string& bytes, const char* part) {
            QTest::newRow(name) << bytes << std::string(part);
        };
        row("longer than any header", tensors_file(std::string(10'000'001, ' ')), "none, or it is cut off");
        row("two tensors in one place", tensors_file({{"a", entry({8})}, {"b", entry({8})}}),
            "lies where others do");
        row("no shape", tensors_file({{"a", {{"dtype", "U8"}, {"data_offsets", {0, 8}}}}}),
            "shape of tensor a");
        row("shape is null", tensors_file({{"a", entry(nullptr)}}), "shape of tensor a");
        row("shape is an object", tensors_file({{"a", entry({{"0", 8}})}}), "shape of tensor a");
        row("more sides than any tensor", tensors_file({{"a", entry({1, 1, 1, 1, 1, 1, 1, 1, 8})}}),
            "shape of tensor a");
        row("a name that colours terminals", tensors_file(json{{escape + "\nred", 5}}), "?[31m?red");
    }

    void headers_are_refused() {
        QFETCH(std::string, bytes);
        QFETCH(std::string, says);
        const DataFolder folder;
        folder.write("a.safetensors", bytes);
        for (const auto& message : {error_of([&] { read_safetensors(folder.path("a.safetensors")); }),
                                    error_of([&] { Sampler::load(folder.path("a.safetensors")); }),
                                    error_of([&] { Lpips::load(folder.path("a.safetensors")); })}) {
            QVERIFY2(modescope::says(message, says), message.c_str());
            QVERIFY(modescope::says(message, folder.path("a.safetensors")));
            QCOMPARE(fault_of(message), QByteArray());
        }
    }

    void what_is_no_file_is_refused_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"folder", "empty", "missing", "device"}) QTest::newRow(kind) << kind;
    }

    void what_is_no_file_is_refused() {
        QFETCH(QString, kind);
        const DataFolder folder;
        folder.write("empty", std::string());
        folder.write("whole.png", flat(64, 64, red));
        const auto path = kind == "folder"   ? folder.path()
                          : kind == "device" ? "/dev/zero"
                                             : folder.path(kind.toStdString());
        const auto faces = task_settings(preset_spec("faces-inpaint-64").data);
        for (const auto& message :
             {error_of([&] { read_safetensors(path); }), error_of([&] { Sampler::load(path); }),
              error_of([&] { Lpips::load(path); }), error_of([&] { read_image(path); }),
              error_of([&] { read_condition(faces, {}, path, {}); }),
              error_of([&] { read_condition(faces, {}, folder.path("whole.png"), path); })}) {
            QVERIFY2(says(message, path), message.c_str());
            QCOMPARE(fault_of(message), QByteArray());
        }
    }

    /// A few bytes must not make a decoder ask for gigabytes.
    void huge_pictures_are_refused_before_decoding_data() {
        QTest::addColumn<std::string>("bytes");
        using namespace std::string_literals;
        const std::uint32_t side = 60'000;
        QTest::newRow("PNG") << "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s + big_endian(side) + big_endian(side) +
                                    "\x08\x02\0\0\0xxxxIEND"s;
        QTest::newRow("JPEG") << "\xff\xd8\xff\xc0\0\x11\x08\xea\x60\xea\x60\x03"s + std::string(9, '\1') +
                                     "\xff\xc0\0\x11\x08\0\1\0\1\x03"s + std::string(9, '\1') + "\xff\xd9"s;
        QTest::newRow("BMP") << "BM"s + std::string(12, '\0') + little_endian(40) + little_endian(side) +
                                    little_endian(-side) + std::string(28, '\0');
        QTest::newRow("TIFF") << "II*\0\x08\0\0\0\2\0"s + "\0\1\4\0\1\0\0\0"s + little_endian(side) +
                                     "\1\1\4\0\1\0\0\0"s + little_endian(side) + "\0\0\0\0"s;
        QTest::newRow("WebP") << "RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x5f\xea\0\x5f\xea\0"s;
        QTest::newRow("another format") << "P6 60000 60000 255\n"s;
    }

    void huge_pictures_are_refused_before_decoding() {
        QFETCH(std::string, bytes);
        QVERIFY(!can_decode(outline_of(bytes)));
        const DataFolder folder;
        folder.write("huge.png", bytes);
        const auto message = error_of([&] { read_image(folder.path("huge.png")); });
        QVERIFY2(says(message, folder.path("huge.png")) && says(message, "100 megapixels"), message.c_str());
    }

    void outlines_are_those_of_the_decoder_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"a.png", "a.jpg", "a.bmp", "a.tif", "a.webp"}) QTest::newRow(file) << file;
    }

    void outlines_are_those_of_the_decoder() {
        QFETCH(QString, file);
        const DataFolder folder;
        const auto path = folder.path(file.toStdString());
        write_image(path, places(37, 21));
        const auto outline = outline_of(read_file(path));
        QVERIFY(can_decode(outline) && outline.complete);
        QCOMPARE(outline.width, 37);
        QCOMPARE(outline.height, 21);
        QCOMPARE(read_image(path).width, 37);
    }

    void cut_off_conditions_are_refused() {
        const DataFolder folder;
        for (const std::string name : {"a.png", "a.jpg"}) {
            write_image(folder.path(name), places(64, 64));
            const auto whole = folder.read(name);
            folder.write(name, whole.substr(0, whole.size() - 20));
            QVERIFY(says(error_of([&] { read_image(folder.path(name)); }), "cut off"));
        }
    }

    /// Scaled to data.load it would have as many pixels as memory has bytes.
    void narrow_pictures_are_left_out() {
        const DataFolder folder;
        write_photos(folder, "", 4);
        folder.write("narrow.png", flat(1, 30'000, red));
        auto data = data_of(folder, "super-resolution");
        data.load = 4096;
        const auto source = open_folder(data, 1);
        for (int i = 0; i < 4; ++i) QCOMPARE(source->pair(Split::train, i).y.width, 8);
        for (const auto& bad : {source->bad_files(), check_folder(folder.path()).bad}) {
            QCOMPARE(bad.size(), std::size_t{1});
            QVERIFY(says(bad[0].path, "narrow.png") && says(bad[0].problem, "too narrow"));
        }
    }

    void weights_that_are_no_numbers_still_draw_data() {
        QTest::addColumn<int>("model");
        for (const int model : {0, 1, 2, 3}) QTest::addRow("%d", model) << model;
    }

    void weights_that_are_no_numbers_still_draw() {
        QFETCH(int, model);
        const std::vector<Spec> specs{
            tiny("street-64", {"data.size=16", "network.downs=2", "network.features=2",
                               "network.noise_levels=1", "network.discriminator_layers=1"}),
            tiny("street-64", {"data.size=16", "network.downs=4", "network.features=2", "network.refine=0",
                               "network.upsampling=transposed", "network.discriminator_layers=1"}),
            tiny("faces-sr-64", {"data.size=16", "network.features=2", "network.blocks=1"}),
            tiny("faces-inpaint-64", {"data.size=32", "data.hole_least=4", "data.hole_most=8",
                                      "data.hole_box=8", "network.kind=glcic", "network.features=2"})};
        const DataFolder folder;
        const auto path = folder.path("model.safetensors");
        const std::uint64_t seeds[]{1, 2};
        for (const float weight : {std::nanf(""), INFINITY, -1e30f}) {
            write_checkpoint(path, model_of(specs[model], weight));
            const auto sampler = Sampler::load(path);
            QCOMPARE(sampler->sample(condition_of(specs[model]), seeds).size(), std::size_t{2});
            QVERIFY(sampler->predict(condition_of(specs[model])).has_value());
        }
    }

    void counters_that_no_training_has_are_refused() {
        const Trainer trainer(tiny_toy("gan+l1"));
        for (const std::int64_t count : {std::int64_t{-1}, INT64_MIN, INT64_MAX})
            for (const int which : {0, 1, 2}) {
                auto checkpoint = trainer.checkpoint();
                checkpoint.tensors["counters"][which] = count;
                const auto message = error_of([&] { Trainer resumed(checkpoint); });
                QVERIFY2(says(message, "counters"), message.c_str());
            }
    }

    /// Whose copies would need more stack than there is.
    void lists_in_lists_are_refused() {
        const DataFolder folder;
        const auto path = folder.path("deep.safetensors");
        const auto header = R"({"a":{"dtype":"U8","data_offsets":[0,8],"shape":)" + nested(250'000) + "}}";
        std::string length(8, '\0');
        const std::uint64_t size = header.size();
        std::memcpy(length.data(), &size, 8);
        folder.write("deep.safetensors", length + header + std::string(8, '\0'));
        QVERIFY(says(error_of([&] { read_safetensors(path); }), path));

        write_safetensors(path, {.metadata = {{"spec", to_json(tiny_toy("gan")).dump()},
                                              {"provenance", R"({"step":)" + nested(250'000) + "}"}}});
        QCOMPARE(read_checkpoint(path).steps(), 0);
    }

    /// A resumed run keeps what it can read of its log.
    void a_damaged_log_costs_only_its_rows() {
        const DataFolder folder;
        const std::string good = "{\"phase\":\"generator\",\"step\":10}\n";
        write_checkpoint(folder.path("checkpoint.safetensors"), Trainer(tiny_toy("gan")).checkpoint());
        const auto deep = "{\"step\":" + nested(250'000) + "}\n";
        folder.write("log.jsonl",
                     good + "[]\n{\"phase\":5,\"step\":\"x\"}\n{\"step\":null}\n" + deep + "{\"ph\n" + good);
        RunDirectory(folder.path(), Spec(), true).forget_after({.step = 10});
        QCOMPARE(folder.read("log.jsonl"), good + good);
    }

    void a_spec_of_classes_that_are_none_is_refused_data() {
        QTest::addColumn<std::string>("classes");
        QTest::newRow("none") << std::string();
        QTest::newRow("blank") << std::string("  ");
        QTest::newRow("no colour") << std::string("Sky");
        QTest::newRow("not UTF-8") << std::string(
            "Stra\xdf"
            "e #804080");
    }

    /// Before networks are built for it.
    void a_spec_of_classes_that_are_none_is_refused() {
        QFETCH(std::string, classes);
        auto spec = preset_spec("pix2pix-cityscapes");
        spec.data.classes = classes;
        const auto message = error_of([&] { check(spec); });
        QVERIFY2(says(message, "data.classes"), message.c_str());
        QCOMPARE(fault_of(message), QByteArray());
    }

    /// JSON, which specs are kept in, is UTF-8; names of files are any bytes.
    void folders_that_json_cannot_name_are_refused() {
        auto spec = preset_spec("srgan-celeba");
        spec.data.folder =
            "/data/stra\xdf"
            "e";
        QVERIFY(says(error_of([&] { check(spec); }), "data.folder"));
        QVERIFY(says(error_of([&] {
                         set_field(spec,
                                   "data.folder=/data/stra\xdf"
                                   "e");
                     }),
                     "data.folder"));
    }

    void messages_quote_no_more_than_a_line() {
        const std::string long_text(1'000'000, 'x');
        Spec spec;
        for (const auto& text : {long_text, escape + "\r\n\x7f\xc2\x9b\xff"})
            for (const auto& message :
                 {error_of([&] { set_field(spec, text); }), error_of([&] { set_field(spec, text + "=1"); }),
                  error_of([&] { parse_objective(text); }), error_of([&] { parse_objective(text + "*gan"); }),
                  error_of([&] { parse_palette(text); }), error_of([&] {
                      spec_from_json({{text, 1}});
                  }),
                  error_of([&] {
                      spec_from_json({{"data", {{text, 1}}}});
                  })}) {
                QVERIFY(!message.empty());
                QCOMPARE(fault_of(message), QByteArray());
            }
    }

    void quoted_text_stays_text() {
        QCOMPARE(shown("Straße, 道, 😀"), std::string("Straße, 道, 😀"));
        QCOMPARE(shown("a\x1b[2Jb\n\xff\xc2\x9b\xe2\x82"), std::string("a?[2Jb?????"));
        QVERIFY(is_utf8(shown(std::string(119, 'x') + "道路")));
        QVERIFY(!is_utf8("\xc0\x80") && !is_utf8("\xed\xa0\x80") && !is_utf8("\xf4\x90\x80\x80"));
        QVERIFY(!is_utf8("\xe2\x82") && is_utf8("\xf4\x8f\xbf\xbf") && is_utf8(""));
    }

    /// In time and memory in proportion to the text.
    void many_factors_are_parsed_at_once() {
        std::string text = "gan";
        for (int i = 0; i < 100'000; ++i) text += " + 2·l1";
        QCOMPARE(parse_objective(text).weight(Term::l1), 2.0);
    }

private:
    static void add_entries() {
        QTest::addColumn<int>("entry");
        for (int entry = 0; entry < static_cast<int>(fuzz::entries().size()); ++entry)
            QTest::newRow(fuzz::entries()[entry].name) << entry;
    }
};

std::unique_ptr<QObject> damage_test() { return std::make_unique<DamageTest>(); }

}  // namespace modescope

#include "damage_test.moc"
