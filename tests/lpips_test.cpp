// LPIPS: against plain LibTorch for every net, its promises, damaged weights, and the published distances.
#include "core/metrics/lpips.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/base/random.h"
#include "core/training/safetensors.h"
#include "tests/error_of.h"
#include "tests/lpips_weights.h"

namespace modescope {

namespace {

using torch::Tensor;

/// The nets as one reads them in their papers, layer by layer.
class Plain {
public:
    explicit Plain(const Safetensors& file) : file_(file) {}

    std::vector<Tensor> features(const std::string& net, const Image& picture) {
        h_ = torch::empty({1, 3, picture.height, picture.width});
        for (int y = 0; y < picture.height; ++y)
            for (int x = 0; x < picture.width; ++x)
                for (int c = 0; c < 3; ++c) h_[0][c][y][x] = picture.at(x, y, c) / 127.5 - 1;
        h_ = (h_ - file_.tensors.at("scaling_layer.shift")) / file_.tensors.at("scaling_layer.scale");
        kept_.clear();
        if (net == "alex") alex();
        if (net == "squeeze") squeeze();
        if (net == "vgg") vgg();
        return kept_;
    }

    double distance(const std::string& net, const Image& a, const Image& b) {
        const auto fa = features(net, a), fb = features(net, b);
        double sum = 0;
        for (std::size_t i = 0; i < fa.size(); ++i) {
            const auto weight = file_.tensors.at("lin" + std::to_string(i) + ".model.1.weight");
            const auto difference = unit(fa[i]) - unit(fb[i]);
            sum += torch::conv2d(difference * difference, weight).mean().item<double>();
        }
        return sum;
    }

private:
    static Tensor unit(const Tensor& x) { return x / (x.pow(2).sum(1, true).sqrt() + 1e-10); }

    Tensor convolved(const Tensor& x, const std::string& name, int stride, int padding) const {
        const auto& tensors = file_.tensors;
        return torch::relu(torch::conv2d(x, tensors.at("net." + name + ".weight"),
                                         tensors.at("net." + name + ".bias"), stride, padding));
    }

    void convolve(const std::string& name, int stride = 1, int padding = 1) {
        h_ = convolved(h_, name, stride, padding);
    }

    void fire(const std::string& name) {
        convolve(name + ".squeeze", 1, 0);
        h_ = torch::cat({convolved(h_, name + ".expand1x1", 1, 0), convolved(h_, name + ".expand3x3", 1, 1)},
                        1);
    }

    void pool(int kernel, bool round_up = false) { h_ = torch::max_pool2d(h_, kernel, 2, 0, 1, round_up); }
    void keep() { kept_.push_back(h_); }

    void alex() {
        convolve("slice1.0", 4, 2), keep();
        pool(3), convolve("slice2.3", 1, 2), keep();
        pool(3), convolve("slice3.6"), keep();
        convolve("slice4.8"), keep();
        convolve("slice5.10"), keep();
    }

    void squeeze() {
        convolve("slice1.0", 2, 0), keep();
        pool(3, true), fire("slice2.3"), fire("slice2.4"), keep();
        pool(3, true), fire("slice3.6"), fire("slice3.7"), keep();
        pool(3, true), fire("slice4.9"), keep();
        for (const char* name : {"slice5.10", "slice6.11", "slice7.12"}) fire(name), keep();
    }

    void vgg() {
        convolve("slice1.0"), convolve("slice1.2"), keep();
        pool(2), convolve("slice2.5"), convolve("slice2.7"), keep();
        pool(2), convolve("slice3.10"), convolve("slice3.12"), convolve("slice3.14"), keep();
        pool(2), convolve("slice4.17"), convolve("slice4.19"), convolve("slice4.21"), keep();
        pool(2), convolve("slice5.24"), convolve("slice5.26"), convolve("slice5.28"), keep();
    }

    const Safetensors& file_;
    Tensor h_;
    std::vector<Tensor> kept_;
};

Image noisy_picture(int width, int height, std::uint64_t seed) {
    Image image(width, height, 3);
    Rng rng(seed);
    for (auto& value : image.data) value = static_cast<std::uint8_t>(rng.index(256));
    return image;
}

std::vector<Image> noisy_pictures(int count, int width, int height) {
    std::vector<Image> list;
    for (int i = 0; i < count; ++i) list.push_back(noisy_picture(width, height, 100 + i));
    return list;
}

/// The environment's variable with that value, or without one; as before when it ends.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name), before_(qgetenv(name)) {
        value ? qputenv(name, value) : qunsetenv(name);
    }
    ~Environment() { before_.isNull() ? qunsetenv(name_) : qputenv(name_, before_); }

private:
    const char* name_;
    QByteArray before_;
};

}  // namespace

class LpipsTest : public QObject {
    Q_OBJECT

private:
    std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }

    /// What loading the contents says; it must name the file.
    std::string refusal(const Safetensors& contents) const {
        write_safetensors(path("bad.safetensors"), contents);
        const auto error = error_of([&] { Lpips::load(path("bad.safetensors")); });
        return says(error, path("bad.safetensors")) ? error : "";
    }

    QTemporaryDir folder_;
    const LpipsWeights alex_{"alex"};
    std::shared_ptr<const Lpips> lpips_;

private slots:
    void initTestCase() {
        write_safetensors(path("alex.safetensors"), alex_.file);
        lpips_ = Lpips::load(path("alex.safetensors"));
    }

    void every_net_equals_the_plain_one_data() {
        QTest::addColumn<std::string>("net");
        QTest::addColumn<int>("layers");
        QTest::newRow("alex") << std::string("alex") << 5;
        QTest::newRow("squeeze") << std::string("squeeze") << 7;
        QTest::newRow("vgg") << std::string("vgg") << 5;
    }

    void every_net_equals_the_plain_one() {
        QFETCH(std::string, net);
        QFETCH(int, layers);
        const LpipsWeights weights(net);
        write_safetensors(path("net.safetensors"), weights.file);
        const auto lpips = Lpips::load(path("net.safetensors"));
        QCOMPARE(lpips->net(), net);
        QCOMPARE(lpips->version(), std::string("0.1"));
        const auto a = noisy_picture(45, 38, 1), b = noisy_picture(45, 38, 2);
        const auto expected = Plain(weights.file).distance(net, a, b), found = lpips->distance(a, b);
        QVERIFY(expected > 0.01);
        QVERIFY2(std::abs(found - expected) < 1e-5 * expected,
                 qPrintable(QString("%1 %2").arg(found).arg(expected)));
        const auto parts = lpips->layer_distances(a, b);
        QCOMPARE(std::ssize(parts), layers);
        QVERIFY(std::abs(std::accumulate(parts.begin(), parts.end(), 0.0) - found) < 1e-12);
    }

    void the_least_side_is_the_least_one_data() { every_net_equals_the_plain_one_data(); }

    void the_least_side_is_the_least_one() {
        QFETCH(std::string, net);
        const LpipsWeights weights(net);
        write_safetensors(path("net.safetensors"), weights.file);
        const auto lpips = Lpips::load(path("net.safetensors"));
        const int side = lpips->least_side();
        QVERIFY(lpips->distance(noisy_picture(side, side, 1), noisy_picture(side, side, 2)) > 0);
        const auto small = noisy_picture(side + 8, side - 1, 1);
        const auto error = error_of([&] { lpips->distance(small, small); });
        QVERIFY2(says(error, net) && says(error, std::to_string(side)), error.c_str());
        // LibTorch itself has nothing left of a smaller one.
        QVERIFY_THROWS_EXCEPTION(c10::Error, Plain(weights.file).features(net, small));
    }

    void a_picture_is_at_distance_0_of_itself_only() {
        const auto a = noisy_picture(40, 33, 1);
        auto b = a;
        QCOMPARE(lpips_->distance(a, b), 0.0);
        b.at(20, 16, 1) ^= 64;
        QVERIFY(lpips_->distance(a, b) > 0);
    }

    void distances_are_symmetric() {
        const auto a = noisy_picture(40, 33, 1), b = noisy_picture(40, 33, 2);
        QCOMPARE(lpips_->distance(a, b), lpips_->distance(b, a));
    }

    void flat_pictures_have_finite_distances() {
        const double distance = lpips_->distance(Image(40, 40, 3, 0), Image(40, 40, 3, 255));
        QVERIFY(std::isfinite(distance) && distance > 0);
    }

    void many_pairs_equal_one_at_a_time() {
        const auto pictures = noisy_pictures(19, 35, 41);
        const std::vector<PicturePair> pairs{{0, 1}, {1, 0}, {7, 8}, {18, 3}, {15, 16}, {4, 4}};
        const auto found = lpips_->distances(pictures, pairs);
        QCOMPARE(found.size(), pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto one = lpips_->distance(pictures[pairs[i].first], pictures[pairs[i].second]);
            QVERIFY(std::abs(found[i] - one) < 1e-6);
        }
        QVERIFY(lpips_->distances({}, {}).empty());
    }

    void threads_may_share_it() {
        const auto pictures = noisy_pictures(4, 35, 35);
        const auto expected = diversity(*lpips_, pictures, PairProtocol::all);
        std::vector<std::future<double>> others;
        for (int i = 0; i < 3; ++i)
            others.push_back(std::async(std::launch::async,
                                        [&] { return diversity(*lpips_, pictures, PairProtocol::all); }));
        for (auto& other : others) QVERIFY(std::abs(other.get() - expected) < 1e-6);
    }

    void protocols_pair_as_they_say() {
        const std::vector<PicturePair> next{{0, 1}, {1, 2}, {2, 3}};
        const std::vector<PicturePair> all{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}};
        QVERIFY(pairs_of(4, PairProtocol::consecutive) == next);
        QVERIFY(pairs_of(4, PairProtocol::all) == all);
        QCOMPARE(pairs_of(20, PairProtocol::consecutive).size(), 19u);
        QCOMPARE(pairs_of(20, PairProtocol::all).size(), 190u);
        QVERIFY(pairs_of(1, PairProtocol::all).empty());
    }

    void diversity_is_the_mean_over_the_pairs() {
        const auto p = noisy_pictures(3, 35, 35);
        const double ab = lpips_->distance(p[0], p[1]), bc = lpips_->distance(p[1], p[2]),
                     ac = lpips_->distance(p[0], p[2]);
        QVERIFY(std::abs(diversity(*lpips_, p, PairProtocol::consecutive) - (ab + bc) / 2) < 1e-6);
        QVERIFY(std::abs(diversity(*lpips_, p, PairProtocol::all) - (ab + bc + ac) / 3) < 1e-6);
        QVERIFY(diversity(*lpips_, {p[0], p[0], p[0]}, PairProtocol::all) < 1e-9);
    }

    void scores_have_an_interval_over_conditions() {
        const auto score = summarise(std::vector{0.1, 0.2, 0.3});
        QVERIFY(std::abs(score.mean - 0.2) < 1e-12);
        QVERIFY(std::abs(score.interval.value() - 1.96 * 0.1 / std::sqrt(3.0)) < 1e-12);
        QCOMPARE(score.conditions, 3);
        const auto lone = summarise(std::vector{0.25});
        QCOMPARE(lone.mean, 0.25);
        QVERIFY(!lone.interval);
    }

    void pictures_of_different_sizes_are_refused() {
        const auto a = noisy_picture(40, 32, 1), b = noisy_picture(32, 40, 1);
        const auto error = error_of([&] { lpips_->distance(a, b); });
        QVERIFY2(says(error, "40 × 32") && says(error, "32 × 40"), error.c_str());
        QCOMPARE(error_of([&] { lpips_->distances({a, a, b}, {}); }), error);
    }

    void missing_tensors_are_named_data() {
        QTest::addColumn<std::string>("name");
        for (const char* name : {"scaling_layer.shift", "scaling_layer.scale", "net.slice1.0.weight",
                                 "net.slice2.3.bias", "net.slice4.8.weight", "lin0.model.1.weight"})
            QTest::newRow(name) << std::string(name);
    }

    void missing_tensors_are_named() {
        QFETCH(std::string, name);
        auto bad = alex_.file;
        bad.tensors.erase(name);
        const auto wanted = name.starts_with("lin0") ? "lins.0.model.1.weight" : name;
        QVERIFY(says(refusal(bad), wanted));
    }

    void wrong_shapes_are_named_data() { missing_tensors_are_named_data(); }

    void wrong_shapes_are_named() {
        QFETCH(std::string, name);
        auto bad = alex_.file;
        bad.tensors[name] = torch::zeros({2, 5});
        QVERIFY(says(refusal(bad), name) && says(refusal(bad), "2×5"));
    }

    void values_that_are_no_numbers_are_refused() {
        auto bad = alex_.file;
        bad.tensors["net.slice3.6.bias"] = torch::full({384}, NAN);
        QVERIFY(says(refusal(bad), "net.slice3.6.bias"));
    }

    void other_contents_are_refused() {
        QVERIFY(says(refusal({}), "save_model"));
        QVERIFY(says(refusal({.tensors = {{"generator.weight", torch::zeros({3})}}}), "alex"));
        auto old = alex_.file;
        old.metadata["lpips"] = "v0.0";
        QVERIFY(says(refusal(old), "v0.0"));
        old.metadata["lpips"] = "v0.1";
        QVERIFY(refusal(old).empty());
    }

    void damaged_files_are_refused() {
        const auto bytes = read_file(path("alex.safetensors"));
        for (const std::size_t length :
             {std::size_t{0}, std::size_t{7}, std::size_t{500}, bytes.size() - 1}) {
            write_file(path("cut"), bytes.substr(0, length));
            QVERIFY(says(error_of([&] { Lpips::load(path("cut")); }), path("cut")));
        }
        for (const auto& missing : {path("missing"), folder_.path().toStdString()})
            QVERIFY(says(error_of([&] { Lpips::load(missing); }), missing));
    }

    void the_package_s_other_names_and_half_precision_are_read() {
        auto other = alex_.file;
        for (int i = 0; i < 5; ++i) {
            auto node = other.tensors.extract("lin" + std::to_string(i) + ".model.1.weight");
            node.key() = "lins." + std::to_string(i) + ".model.1.weight";
            other.tensors.insert(std::move(node));
        }
        write_safetensors(path("other.safetensors"), other);
        const auto a = noisy_picture(40, 32, 1), b = noisy_picture(40, 32, 2);
        const auto expected = lpips_->distance(a, b);
        QCOMPARE(Lpips::load(path("other.safetensors"))->distance(a, b), expected);
        for (auto& [name, tensor] : other.tensors) tensor = tensor.to(torch::kHalf);
        write_safetensors(path("half.safetensors"), other);
        QVERIFY(std::abs(Lpips::load(path("half.safetensors"))->distance(a, b) / expected - 1) < 0.01);
    }

    void weights_are_found_by_flag_then_environment() {
        const Environment set("MODESCOPE_LPIPS", "some/file");
        QCOMPARE(find_lpips_weights("other/file"), std::string("other/file"));
        QCOMPARE(find_lpips_weights(), std::string("some/file"));
        const Environment unset("MODESCOPE_LPIPS", nullptr);
        const auto error = error_of([] { find_lpips_weights(); });
        QVERIFY2(says(error, "MODESCOPE_LPIPS") && says(error, "lpips.LPIPS(net='alex')"), error.c_str());
    }

    /// Distances of the lpips package itself: MODESCOPE_LPIPS_DIR holds lpips_NET_v0.1.safetensors and
    /// imgs/, MODESCOPE_LPIPS_GOLDEN is the JSON file of what the package says.
    void the_package_s_distances_are_reproduced() {
        const auto directory = qEnvironmentVariable("MODESCOPE_LPIPS_DIR").toStdString(),
                   golden = qEnvironmentVariable("MODESCOPE_LPIPS_GOLDEN").toStdString();
        if (directory.empty() || golden.empty())
            QSKIP("MODESCOPE_LPIPS_DIR and MODESCOPE_LPIPS_GOLDEN do not say where weights and values are");
        const auto expected = nlohmann::json::parse(read_file(golden));
        const auto picture = [&](const std::string& name) {
            return read_image(directory + "/imgs/ex_" + name + ".png");
        };
        for (const char* net : {"alex", "squeeze"}) {
            const auto lpips = Lpips::load(directory + "/lpips_" + net + "_v0.1.safetensors");
            QCOMPARE(lpips->net(), std::string(net));
            for (const auto& [a, b] : {std::pair{"ref", "p0"}, {"ref", "p1"}, {"p0", "p1"}}) {
                const auto& pair = expected.at(net + std::string("_v0.1")).at(a + std::string("_") + b);
                QVERIFY(std::abs(lpips->distance(picture(a), picture(b)) - pair.at("dist").get<double>()) <
                        1e-4);
                const auto layers = lpips->layer_distances(picture(a), picture(b));
                const auto parts = pair.at("per_layer").get<std::vector<double>>();
                QCOMPARE(layers.size(), parts.size());
                for (std::size_t i = 0; i < parts.size(); ++i) QVERIFY(std::abs(layers[i] - parts[i]) < 1e-4);
            }
        }
    }
};

std::unique_ptr<QObject> lpips_test() { return std::make_unique<LpipsTest>(); }

}  // namespace modescope

#include "lpips_test.moc"
