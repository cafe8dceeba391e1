#include "core/training/trainer.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/version.h"

namespace modescope {

using torch::Tensor;

namespace {

/// P is validated this often and at its last step; the best one is kept.
constexpr std::int64_t validate_every = 250;
constexpr std::int64_t validation_pairs = 128;

at::Generator seeded(std::int64_t seed, std::uint64_t stream) {
    auto generator = at::detail::createCPUGenerator();
    // The Mersenne Twister only looks at 32 bits of its seed.
    generator.set_current_seed(Rng::at(static_cast<std::uint64_t>(seed), stream).next() & 0xffffffffu);
    return generator;
}

class Stopwatch {
public:
    double ms() const {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The statistics of batch norms, which forward passes change, and what they were.
using Statistics = std::vector<std::pair<Tensor, Tensor>>;

void add_statistics(Statistics& list, const torch::nn::Module* module) {
    if (!module) return;
    for (const auto& buffer : module->buffers()) list.emplace_back(buffer, buffer.clone());
}

void restore(const Statistics& statistics) {
    for (auto [live, before] : statistics) live.copy_(before);
}

void restore(at::Generator& random, const Checkpoint& checkpoint) {
    const auto& state = checkpoint.at("random.noise");
    try {
        random.set_state(state);
    } catch (const c10::Error&) {
        throw Error(fmt::format("{}: tensor random.noise is not the state of a random generator.",
                                checkpoint.origin));
    }
}

/// Averages start as copies and forget their start quickly.
double average_decay(double decay, std::int64_t step) {
    return std::min(decay, static_cast<double>(step) / static_cast<double>(step + 10));
}

void require_grad(torch::nn::Module& module, bool required) {
    for (auto& parameter : module.parameters()) parameter.set_requires_grad(required);
}

double finite(const Tensor& loss, const char* whose, std::int64_t step) {
    const double value = loss.item<double>();
    if (!std::isfinite(value))
        throw Diverged(fmt::format("{}'s loss is {} at step {}: lower the learning rate or the weights.",
                                   whose, value, step));
    return value;
}

void apply(Optimiser& optimiser, const TrainingSpec& settings, double learning_rate, const char* whose,
           std::int64_t step) {
    if (!optimiser.gradient_is_finite())
        throw Diverged(fmt::format(
            "{}'s gradient is not finite at step {}: lower the learning rate or the weights.", whose, step));
    optimiser.step(settings, learning_rate);
}

/// 1 until the share `from` of all steps, then linearly to 0 at the last.
double decay_factor(std::int64_t step, std::int64_t steps, double from) {
    if (from >= 1 || steps <= 0) return 1;
    const double done = static_cast<double>(step) / static_cast<double>(steps);
    return std::clamp((1 - done) / (1 - from), 0.0, 1.0);
}

}  // namespace

/// What only exists while P is trained.
struct Trainer::PredictorTraining {
    explicit PredictorTraining(const Spec& spec, Predictor& predictor, at::Generator random)
        : optimiser(predictor),
          candidate(build_predictor(spec, random)),
          best(build_predictor(spec, random)) {
        candidate->eval();
    }

    Optimiser optimiser;
    std::shared_ptr<Predictor> candidate;  ///< a copy in eval mode that is validated
    std::shared_ptr<Predictor> best;
    Tensor best_loss = torch::full({1}, std::numeric_limits<double>::infinity(), torch::kDouble);
};

Trainer::Trainer(const Spec& spec) : spec_(spec), noise_random_(seeded(spec.training.seed, 2)) {
    check(spec_);
    auto initial = seeded(spec_.training.seed, 1);
    data_ = make_data(spec_);
    networks_ = build_networks(spec_, initial);
    generator_optimiser_ = std::make_unique<Optimiser>(*networks_.generator);
    if (networks_.discriminator)
        discriminator_optimiser_ = std::make_unique<Optimiser>(*networks_.discriminator);
    if (networks_.predictor)
        predictor_training_ = std::make_unique<PredictorTraining>(spec_, *networks_.predictor, initial);
    average_ = build_generator(spec_, initial);
    average_->eval();
    average_parameters_ = flatten_parameters(*average_);
    copy_state(*average_, *networks_.generator);
}

Trainer::Trainer(const Checkpoint& checkpoint) : Trainer(checkpoint.spec) {
    auto counters = torch::zeros({3}, torch::kLong);
    get(checkpoint, {{"counters", counters}});
    step_ = counters[0].item<std::int64_t>();
    predictor_step_ = counters[1].item<std::int64_t>();
    position_ = counters[2].item<std::int64_t>();
    if (progress().predictor_ready) predictor_training_.reset();
    get(checkpoint, state());
    restore(noise_random_, checkpoint);
    if (networks_.predictor && progress().predictor_ready) networks_.predictor->eval();
}

Trainer::~Trainer() = default;

Progress Trainer::progress() const {
    const bool ready = !networks_.predictor || predictor_step_ >= spec_.training.predictor_steps;
    return {step_, predictor_step_, ready};
}

LogRow Trainer::step(StepKind kind) {
    const Stopwatch watch;
    Statistics before;
    add_statistics(before, networks_.generator.get());
    add_statistics(before, networks_.discriminator.get());
    add_statistics(before, networks_.predictor.get());
    try {
        auto row = progress().predictor_ready ? adversarial_step(kind) : predictor_step();
        row.ms = watch.ms();
        return row;
    } catch (const Diverged&) {
        restore(before);
        throw;
    }
}

LogRow Trainer::adversarial_step(StepKind kind) {
    LogRow row;
    const auto batch = next_batch();
    const bool trains_d =
        discriminator_optimiser_ && (kind == StepKind::discriminator ||
                                     (kind == StepKind::both && step_ % spec_.training.generator_steps == 0));
    if (trains_d) row.values.emplace_back("d", discriminator_step(batch));
    if (kind != StepKind::discriminator) generator_step(batch, row);
    row.step = step_;
    return row;
}

Batch Trainer::next_batch() {
    auto batch = data_->batch(Split::train, position_, spec_.training.batch);
    position_ += spec_.training.batch;
    return batch;
}

LogRow Trainer::predictor_step() {
    const auto& settings = spec_.training;
    const auto batch =
        data_->batch(Split::predictor, predictor_step_ * settings.predictor_batch, settings.predictor_batch);
    auto& optimiser = predictor_training_->optimiser;
    optimiser.zero_grad();
    const auto loss = predictor_loss(networks_.predictor->forward(batch.x), batch.y,
                                     distribution_of(spec_.objective), spec_.objective.min_noise);
    const double value = finite(loss, "P", predictor_step_);
    loss.backward();
    const double decay = decay_factor(predictor_step_, settings.predictor_steps, 0.5);
    apply(optimiser, settings, settings.predictor_learning_rate * decay, "P", predictor_step_);
    ++predictor_step_;
    LogRow row{.step = predictor_step_, .predictor = true, .values = {{"predictor", value}}};
    const bool last = predictor_step_ == settings.predictor_steps;
    if (last || predictor_step_ % validate_every == 0)
        row.values.emplace_back("validation", validate_predictor());
    if (last) finish_predictor();
    return row;
}

double Trainer::validate_predictor() {
    torch::NoGradGuard no_grad;
    auto& training = *predictor_training_;
    copy_state(*training.candidate, *networks_.predictor);
    const auto batch = data_->batch(Split::validation, 0, validation_pairs);
    const double loss = predictor_loss(training.candidate->forward(batch.x), batch.y,
                                       distribution_of(spec_.objective), spec_.objective.min_noise)
                            .item<double>();
    if (loss < training.best_loss.item<double>()) {
        training.best_loss.fill_(loss);
        copy_state(*training.best, *training.candidate);
    }
    return loss;
}

void Trainer::finish_predictor() {
    copy_state(*networks_.predictor, *predictor_training_->best);
    networks_.predictor->eval();
    predictor_training_.reset();
}

double Trainer::discriminator_step(const Batch& batch) {
    Tensor fake;
    {
        torch::NoGradGuard no_grad;
        fake = networks_.generator->forward(batch.x,
                                            networks_.generator->draw_noise(batch.x.size(0), noise_random_));
    }
    require_grad(*networks_.discriminator, true);
    discriminator_optimiser_->zero_grad();
    const auto real_logits = judge(batch.x, batch.y);
    const auto fake_logits = judge(batch.x, fake);
    Tensor loss = torch::zeros({});
    for (const auto term : spec_.objective.active())
        if (info(term).adversarial)
            loss = loss + spec_.objective.weight(term) * discriminator_loss(term, real_logits, fake_logits);
    const double value = finite(loss, "D", step_);
    loss.backward();
    apply(*discriminator_optimiser_, spec_.training, learning_rate() * spec_.training.learning_rate_ratio,
          "D", step_);
    return value;
}

Tensor Trainer::judge(const Tensor& x, const Tensor& y) {
    const double deviation = spec_.training.instance_noise;
    if (deviation == 0) return networks_.discriminator->forward(x, y);
    const auto grain = torch::randn(y.sizes(), noise_random_).mul_(deviation);
    return networks_.discriminator->forward(x, y + grain);
}

LossInputs Trainer::loss_inputs(const Batch& batch) {
    const auto count = std::min(spec_.training.conditions, batch.x.size(0));
    const auto x = batch.x.narrow(0, 0, count);
    const auto k = spec_.objective.samples_per_condition();
    const auto samples =
        networks_.generator->forward(x, networks_.generator->draw_noise(count * k, noise_random_));
    LossInputs inputs{.y = batch.y.narrow(0, 0, count), .samples = samples.unflatten(0, {count, k})};
    if (networks_.discriminator) inputs.logits = judge(x, samples);
    if (networks_.predictor) {
        torch::NoGradGuard no_grad;
        inputs.predicted = networks_.predictor->forward(x);
    }
    return inputs;
}

void Trainer::generator_step(const Batch& batch, LogRow& row) {
    // D only passes the gradient on to the samples; its own would be thrown away.
    if (networks_.discriminator) require_grad(*networks_.discriminator, false);
    generator_optimiser_->zero_grad();
    const auto inputs = loss_inputs(batch);
    Tensor total = torch::zeros({});
    for (const auto term : spec_.objective.active()) {
        const auto value = generator_loss(term, inputs, spec_.objective);
        row.values.emplace_back(info(term).id, value.item<double>());
        total = total + spec_.objective.weight(term) * value;
    }
    row.values.emplace_back("g", finite(total, "G", step_));
    total.backward();
    apply(*generator_optimiser_, spec_.training, learning_rate(), "G", step_);
    update_average();
    ++step_;
}

void Trainer::update_average() {
    torch::NoGradGuard no_grad;
    const double share = 1 - average_decay(spec_.training.average, step_);
    average_parameters_.lerp_(generator_optimiser_->parameters(), share);
    const auto live = networks_.generator->buffers();
    auto averaged = average_->buffers();
    for (std::size_t i = 0; i < live.size(); ++i)
        if (live[i].is_floating_point())
            averaged[i].lerp_(live[i], share);
        else
            averaged[i].copy_(live[i]);
}

double Trainer::learning_rate() const {
    return spec_.training.learning_rate *
           decay_factor(step_, spec_.training.steps, spec_.training.decay_from);
}

void Trainer::retune(const std::string& key, const FieldValue& value) {
    const auto& field = find_field(key);
    if (!field.live)
        throw Error(fmt::format("{} cannot change while a run trains; start a new run with it.", key));
    auto changed = spec_;
    field.set(changed, value);
    check(changed);
    const bool new_network =
        changed.objective.needs_discriminator() != spec_.objective.needs_discriminator() ||
        changed.objective.needs_predictor() != spec_.objective.needs_predictor();
    if (new_network)
        throw Error(fmt::format("{} would add or remove a network; start a new run with it.", key));
    spec_ = changed;
}

NamedTensors Trainer::state() const {
    NamedTensors all;
    const auto add = [&](const NamedTensors& tensors) {
        all.insert(all.end(), tensors.begin(), tensors.end());
    };
    const auto add_optimiser = [&](const std::string& whose, const Optimiser& optimiser) {
        for (const auto& [name, tensor] : optimiser.state())
            all.emplace_back("optimiser." + whose + "." + name, tensor);
    };
    add(module_tensors("generator.", *networks_.generator));
    add(module_tensors("average.", *average_));
    add_optimiser("generator", *generator_optimiser_);
    if (networks_.discriminator) {
        add(module_tensors("discriminator.", *networks_.discriminator));
        add_optimiser("discriminator", *discriminator_optimiser_);
    }
    if (networks_.predictor) add(module_tensors("predictor.", *networks_.predictor));
    if (predictor_training_) {
        add_optimiser("predictor", predictor_training_->optimiser);
        add(module_tensors("best_predictor.", *predictor_training_->best));
        all.emplace_back("best_predictor_loss", predictor_training_->best_loss);
    }
    return all;
}

Checkpoint Trainer::checkpoint() const {
    Checkpoint checkpoint{.spec = spec_, .provenance = provenance()};
    put(checkpoint, state());
    put(checkpoint, {{"counters", torch::tensor({step_, predictor_step_, position_}, torch::kLong)},
                     {"random.noise", noise_random_.get_state()}});
    return checkpoint;
}

nlohmann::json Trainer::provenance() const {
    return {{"program", "Modescope " MODESCOPE_VERSION},
            {"libtorch", TORCH_VERSION},
            {"configuration", spec_.objective.id()},
            {"step", step_},
            {"predictor_step", predictor_step_}};
}

Checkpoint Trainer::inference_checkpoint(bool half) const {
    Checkpoint checkpoint{.spec = spec_, .provenance = provenance()};
    put(checkpoint, module_tensors("average.", *average_));
    if (networks_.predictor) put(checkpoint, module_tensors("predictor.", *networks_.predictor));
    if (half)
        for (auto& [name, tensor] : checkpoint.tensors)
            if (tensor.is_floating_point()) tensor = tensor.to(torch::kHalf);
    return checkpoint;
}

}  // namespace modescope
