#include "core/networks/network_size.h"

#include <algorithm>

#include "core/networks/networks.h"
#include "core/networks/tally.h"

namespace modescope {
namespace {

using torch::Tensor;

template <class Action>
double multiply_adds_of(Action action) {
    const Tally tally;
    action();
    return tally.multiply_adds();
}

/// What the tensors that `action` returns keep for backward, themselves included.
template <class Action>
double bytes_kept_by(Action action) {
    const Tally tally;
    auto results = action();
    const double with_them = tally.bytes_alive();
    results = {};
    return with_them - tally.bytes_alive();
}

/// All three networks of a spec, and random conditions and pictures for them.
class NetworkMeter {
public:
    explicit NetworkMeter(const Spec& spec)
        : spec_(spec),
          generator_(build_generator(spec, random_)),
          discriminator_(build_discriminator(spec, random_)),
          predictor_(build_predictor(spec, random_)) {}

    NetworkSize measure() {
        NetworkSize size{.generator = count_parameters(*generator_),
                         .discriminator = count_parameters(*discriminator_),
                         .predictor = count_parameters(*predictor_)};
        size.step_memory = static_cast<std::int64_t>(
            bytes_of_state(size) + std::max(bytes_of_generator_step(), bytes_of_discriminator_step()));
        measure_sampling(size);
        return size;
    }

private:
    double bytes_of_state(const NetworkSize& size) const {
        constexpr double learning = 5;  // the parameter, its gradient and three moments
        double numbers = (learning + 1) * static_cast<double>(size.generator);
        if (judged()) numbers += learning * static_cast<double>(size.discriminator);
        if (spec_.objective.needs_predictor()) numbers += static_cast<double>(size.predictor);
        return sizeof(float) * numbers;
    }

    double bytes_of_generator_step() {
        const auto kept = [this](std::int64_t conditions, std::int64_t k) {
            return bytes_kept_by([&] { return generator_pass(conditions, k); });
        };
        const double smallest = kept(2, 1), samples = kept(2, 2), condition = kept(1, 2);
        const double per_sample = (samples - smallest) / 2;
        const double per_condition = samples - condition - 2 * per_sample;
        const double always = smallest - 2 * per_condition - 2 * per_sample;
        const auto conditions =
            static_cast<double>(std::min(spec_.training.conditions, spec_.training.batch));
        const auto k = static_cast<double>(spec_.objective.samples_per_condition());
        return always + conditions * (per_condition + k * per_sample);
    }

    std::vector<Tensor> generator_pass(std::int64_t conditions, std::int64_t k) {
        const auto x = random_x(conditions);
        const auto samples = generator_->forward(x, generator_->draw_noise(conditions * k, random_));
        if (!judged()) return {samples};
        require_gradients(*discriminator_, false);
        return {samples, discriminator_->forward(x, samples)};
    }

    double bytes_of_discriminator_step() {
        if (!judged()) return 0;
        require_gradients(*discriminator_, true);
        const auto kept = [this](std::int64_t rows) {
            return bytes_kept_by([&] { return discriminator_pass(rows); });
        };
        const double two = kept(2), per_row = (kept(4) - two) / 2;
        return two + static_cast<double>(spec_.training.batch - 2) * per_row;
    }

    std::vector<Tensor> discriminator_pass(std::int64_t rows) {
        const auto x = random_x(rows), real = random_y(rows), fake = random_y(rows);
        return {discriminator_->forward(x, real), discriminator_->forward(x, fake)};
    }

    /// Changes G for good: last.
    void measure_sampling(NetworkSize& size) {
        torch::NoGradGuard no_grad;
        generator_->eval();
        generator_->fold();
        const auto x = random_x(1);
        std::vector<Tensor> features;
        const double encoder = multiply_adds_of([&] { features = generator_->encode(x); });
        const auto decoder = [&](std::int64_t k) {
            const auto noise = generator_->draw_noise(k, random_);
            return multiply_adds_of([&] { generator_->decode(features, noise); });
        };
        // The decoder convolves features of the encoder too, once for all samples.
        const double one = decoder(1), per_sample = decoder(2) - one;
        size.encoder = static_cast<std::int64_t>(encoder + one - per_sample);
        size.decoder = static_cast<std::int64_t>(per_sample);
    }

    bool judged() const { return spec_.objective.needs_discriminator(); }

    Tensor random_x(std::int64_t rows) { return random(pair_shape(spec_).x, rows); }
    Tensor random_y(std::int64_t rows) { return random(pair_shape(spec_).y, rows); }
    Tensor random(std::vector<std::int64_t> shape, std::int64_t rows) {
        shape.insert(shape.begin(), rows);
        return torch::randn(shape, random_);
    }

    static void require_gradients(torch::nn::Module& module, bool required) {
        for (auto& parameter : module.parameters()) parameter.set_requires_grad(required);
    }

    const Spec& spec_;
    at::Generator random_ = at::detail::createCPUGenerator();
    std::shared_ptr<Generator> generator_;
    std::shared_ptr<Discriminator> discriminator_;
    std::shared_ptr<Predictor> predictor_;
};

}  // namespace

NetworkSize measure_networks(const Spec& spec) { return NetworkMeter(spec).measure(); }

}  // namespace modescope
