#include "core/training/trainer.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "core/base/bad_file.h"
#include "core/base/random.h"
#include "core/networks/layers.h"
#include "core/training/precision.h"
#include "core/training/predictor_training.h"

namespace modescope {

using torch::Tensor;

namespace {

/// P is validated this often and at its last step; the best one is kept.
constexpr std::int64_t validate_every = 250;
constexpr std::int64_t validation_pairs = 128, validation_batch = 32;

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

/// Averages start as copies and forget their start quickly.
double average_decay(double decay, std::int64_t step) {
    return std::min(decay, static_cast<double>(step) / static_cast<double>(step + 10));
}

void require_grad(torch::nn::Module& module, bool required) {
    for (auto& parameter : module.parameters()) parameter.set_requires_grad(required);
}

double finite(double loss, const char* whose, std::int64_t step) {
    if (!std::isfinite(loss))
        throw Diverged(fmt::format("{}'s loss is {} at step {}: lower the learning rate or the weights.",
                                   whose, loss, step));
    return loss;
}

/// Those that are means over the elements of all holes; the others are means over the conditions.
bool averages_over_holes(Term term) {
    const bool of_each_condition = term == Term::dsgan || term == Term::msgan || term == Term::mmd;
    return !info(term).adversarial && !of_each_condition;
}

/// 1 until the share `from` of all steps, then linearly to 0 at the last.
double decay_factor(std::int64_t step, std::int64_t steps, double from) {
    if (from >= 1 || steps <= 0) return 1;
    const double done = static_cast<double>(step) / static_cast<double>(steps);
    return std::clamp((1 - done) / (1 - from), 0.0, 1.0);
}

}  // namespace

Trainer::Trainer(const Spec& spec, torch::Device device, const Processes& processes)
    : spec_(spec), device_(device), processes_(processes), noise_random_(seeded(spec.training.seed, 2)) {
    check(spec_);
    auto initial = seeded(spec_.training.seed, 1);
    data_ = make_data(spec_);
    networks_ = build_networks(spec_, initial);
    average_ = build_generator(spec_, initial);
    move_networks();
    generator_optimiser_ = std::make_unique<Optimiser>(*networks_.generator);
    if (networks_.discriminator)
        discriminator_optimiser_ = std::make_unique<Optimiser>(*networks_.discriminator);
    if (networks_.predictor)
        predictor_training_ =
            std::make_unique<PredictorTraining>(spec_, *networks_.predictor, initial, device_);
    average_->eval();
    average_parameters_ = flatten_parameters(*average_);
    copy_state(*average_, *networks_.generator);
}

void Trainer::move_networks() {
    const auto adopt = [&](torch::nn::Module* network) {
        if (!network) return;
        network->to(device_);
        share_batch_norms(*network, processes_);
    };
    adopt(networks_.generator.get());
    adopt(networks_.discriminator.get());
    adopt(networks_.predictor.get());
    average_->to(device_);
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
    networks_.generator->train(!keeps_statistics());
    const auto batch = draw_share(Split::train, position_, spec_.training.batch);
    position_ += spec_.training.batch * processes_.count();
    const bool trains_d =
        discriminator_optimiser_ && (kind == StepKind::discriminator ||
                                     (kind == StepKind::both && step_ % spec_.training.generator_steps == 0));
    if (trains_d) row.values.emplace_back("d", discriminator_step(batch));
    if (kind != StepKind::discriminator) generator_step(batch, row);
    row.step = step_;
    return row;
}

/// Samples are drawn with the running statistics. A G that only ever saw those of its few conditions draws
/// rare conditions, whose features are far from the usual ones, in glaring colours; so it ends with what it
/// will be used with.
bool Trainer::keeps_statistics() const { return rate_left() < 0.5; }

/// oneDNN's float32 convolutions are faster on channels_last; in bfloat16 it makes no difference there.
torch::MemoryFormat Trainer::memory_format() const {
    const auto& chosen = spec_.training.memory_format;
    const bool last = chosen == "auto" ? device_.is_cpu() && !in_bfloat16() : chosen == "channels_last";
    return last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
}

/// From pinned memory, so that the processor need not wait until the device has taken it.
Tensor Trainer::to_device(const Tensor& tensor) const {
    const auto arranged = tensor.dim() == 4 ? tensor.contiguous(memory_format()) : tensor;
    return device_.is_cuda() ? arranged.pin_memory().to(device_, true) : arranged;
}

Batch Trainer::draw_batch(Split split, std::int64_t first, std::int64_t count, std::int64_t stride) {
    Batch batch;
    std::string problem;
    try {
        batch = data_->batch(split, first, count, stride);
    } catch (const Unreadable& error) {
        problem = error.what();
    }
    // Else the others would wait for one that has gone, and end where nothing can be saved.
    if (processes_.any(!problem.empty()))
        throw DataGone(problem.empty() ? "Another process cannot read its data now." : problem);
    return {to_device(batch.x), to_device(batch.y)};
}

Batch Trainer::draw_share(Split split, std::int64_t first, std::int64_t count) {
    return draw_batch(split, first + processes_.rank(), count, processes_.count());
}

/// Every process draws the noise of all, so that their random generators stay alike.
Noise Trainer::draw_noise(std::int64_t conditions, std::int64_t samples) {
    const auto rows = conditions * processes_.count() * samples;
    auto noise = networks_.generator->draw_noise(rows, noise_random_, torch::kCPU);
    for (auto& level : noise) level = to_device(own_rows(level, conditions));
    return noise;
}

/// Conditions are dealt out one by one, as in draw_share.
Tensor Trainer::own_rows(const Tensor& of_all, std::int64_t conditions) const {
    if (processes_.count() == 1) return of_all;
    const auto samples = of_all.size(0) / (conditions * processes_.count());
    const auto dealt = of_all.unflatten(0, {conditions, processes_.count(), samples});
    return dealt.select(1, processes_.rank()).flatten(0, 1);
}

/// Where the losses look: in the hole; undefined in the other tasks.
Tensor Trainer::mask_of(const Tensor& x) const {
    return spec_.data.source != "toy" && spec_.data.task == "inpainting" ? x.narrow(1, 3, 1) : Tensor();
}

/// What a mean over the elements of this process's holes counts in the mean over those of all: 1 where all
/// have as many.
Tensor Trainer::share_of_holes(const Tensor& mask) const {
    if (!mask.defined() || processes_.count() == 1) return torch::ones({}, device_);
    const auto own = mask.sum(), mean = own.clone();
    processes_.average(mean);
    return own / mean;
}

/// Over all processes, so that they log the same and diverge together.
std::vector<double> Trainer::mean_losses(const std::vector<Tensor>& losses) const {
    const auto means = torch::stack(losses).detach().to(torch::kCPU, torch::kDouble);
    processes_.average(means);
    return {means.data_ptr<double>(), means.data_ptr<double>() + means.numel()};
}

void Trainer::descend(Optimiser& optimiser, double learning_rate, const char* whose, std::int64_t step) {
    processes_.average(optimiser.gradient());
    if (!optimiser.gradient_is_finite())
        throw Diverged(fmt::format(
            "{}'s gradient is not finite at step {}: lower the learning rate or the weights.", whose, step));
    optimiser.step(spec_.training, learning_rate);
}

LogRow Trainer::predictor_step() {
    const auto& settings = spec_.training;
    const auto batch =
        draw_share(Split::predictor, predictor_step_ * settings.predictor_batch * processes_.count(),
                   settings.predictor_batch);
    auto& optimiser = predictor_training_->optimiser;
    optimiser.zero_grad();
    const auto loss = fit_of_predictor(*networks_.predictor, batch) * share_of_holes(mask_of(batch.x));
    const double value = finite(mean_losses({loss})[0], "P", predictor_step_);
    loss.backward();
    const double decay = decay_factor(predictor_step_, settings.predictor_steps, 0.5);
    descend(optimiser, settings.predictor_learning_rate * decay, "P", predictor_step_);
    ++predictor_step_;
    LogRow row{.step = predictor_step_, .predictor = true, .values = {{"predictor", value}}};
    const bool last = predictor_step_ == settings.predictor_steps;
    if (last || predictor_step_ % validate_every == 0)
        row.values.emplace_back("validation", validate_predictor());
    if (last) finish_predictor();
    return row;
}

Tensor Trainer::fit_of_predictor(Predictor& predictor, const Batch& batch) const {
    return predictor_loss(predict(predictor, batch.x), batch.y, spec_.objective, mask_of(batch.x));
}

/// The mean loss of the candidate over the validation pairs.
double Trainer::validation_loss() {
    double loss = 0;
    for (std::int64_t first = 0; first < validation_pairs; first += validation_batch)
        loss += fit_of_predictor(*predictor_training_->candidate,
                                 draw_batch(Split::validation, first, validation_batch))
                    .item<double>() *
                validation_batch / validation_pairs;
    return loss;
}

double Trainer::validate_predictor() try {
    torch::NoGradGuard no_grad;
    auto& training = *predictor_training_;
    copy_state(*training.candidate, *networks_.predictor);
    double loss = validation_loss();
    // The same but for rounding on different machines; all have to keep the same P.
    loss = mean_losses({torch::tensor(loss, torch::kDouble)})[0];
    if (loss < training.best_loss.item<double>()) {
        training.best_loss.fill_(loss);
        copy_state(*training.best, *training.candidate);
    }
    return loss;
} catch (const DataGone&) {
    // Without its validation P is not done: the last step is taken again.
    if (progress().predictor_ready) --predictor_step_;
    throw;
}

Prediction Trainer::preview_prediction(const Tensor& x) {
    torch::NoGradGuard no_grad;
    if (!predictor_training_) return predict(*networks_.predictor, x);
    auto& candidate = *predictor_training_->candidate;
    copy_state(candidate, *networks_.predictor);
    return predict(candidate, x);
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
        fake = generate(batch.x, draw_noise(batch.x.size(0), 1));
    }
    require_grad(*networks_.discriminator, true);
    discriminator_optimiser_->zero_grad();
    const auto real_logits = judge(batch.x, batch.y);
    const auto fake_logits = judge(batch.x, fake);
    auto loss = torch::zeros({}, device_);
    for (const auto term : spec_.objective.active())
        if (info(term).adversarial)
            loss = loss + spec_.objective.weight(term) * discriminator_loss(term, real_logits, fake_logits);
    const double value = finite(mean_losses({loss})[0], "D", step_);
    loss.backward();
    descend(*discriminator_optimiser_, learning_rate() * spec_.training.learning_rate_ratio, "D", step_);
    return value;
}

Tensor Trainer::generate(const Tensor& x, const Noise& noise) {
    const Bfloat16 scope(in_bfloat16(), device_);
    return networks_.generator->forward(x, noise).to(torch::kFloat);
}

Tensor Trainer::judge(const Tensor& x, const Tensor& y) {
    auto seen = y;
    if (const double deviation = spec_.training.instance_noise; deviation != 0) {
        auto shape = y.sizes().vec();
        shape[0] *= processes_.count();
        const auto grain = torch::randn(shape, noise_random_).mul_(deviation);
        seen = y + to_device(own_rows(grain, x.size(0)));
    }
    const Bfloat16 scope(in_bfloat16(), device_);
    return networks_.discriminator->forward(x, seen).to(torch::kFloat);
}

Prediction Trainer::predict(Predictor& predictor, const Tensor& x) const {
    const Bfloat16 scope(in_bfloat16(), device_);
    const auto prediction = predictor.forward(x);
    return {prediction.centre.to(torch::kFloat), prediction.log_dispersion.to(torch::kFloat)};
}

LossInputs Trainer::loss_inputs(const Batch& batch) {
    const auto count = std::min(spec_.training.conditions, batch.x.size(0));
    const auto x = batch.x.narrow(0, 0, count);
    const auto k = spec_.objective.samples_per_condition();
    const auto noise = draw_noise(count, k);
    const auto samples = generate(x, noise);
    LossInputs inputs{.y = batch.y.narrow(0, 0, count),
                      .samples = samples.unflatten(0, {count, k}),
                      .noise = noise,
                      .mask = mask_of(x)};
    if (networks_.discriminator) inputs.logits = judge(x, samples);
    if (networks_.predictor) {
        torch::NoGradGuard no_grad;
        inputs.predicted = predict(*networks_.predictor, x);
    }
    return inputs;
}

void Trainer::generator_step(const Batch& batch, LogRow& row) {
    // D only passes the gradient on to the samples; its own would be thrown away.
    if (networks_.discriminator) require_grad(*networks_.discriminator, false);
    generator_optimiser_->zero_grad();
    const auto inputs = loss_inputs(batch);
    const auto share = share_of_holes(inputs.mask);
    auto total = torch::zeros({}, device_);
    std::vector<Tensor> losses;
    for (const auto term : spec_.objective.active()) {
        auto value = generator_loss(term, inputs, spec_.objective);
        if (averages_over_holes(term)) value = value * share;
        losses.push_back(value);
        total = total + spec_.objective.weight(term) * value;
    }
    losses.push_back(total);
    log_losses(losses, row);
    total.backward();
    descend(*generator_optimiser_, learning_rate(), "G", step_);
    update_average();
    ++step_;
}

/// Losses of the active terms and their sum.
void Trainer::log_losses(const std::vector<Tensor>& losses, LogRow& row) const {
    const auto means = mean_losses(losses);
    const auto active = spec_.objective.active();
    for (std::size_t i = 0; i < active.size(); ++i) row.values.emplace_back(info(active[i]).id, means[i]);
    row.values.emplace_back("g", finite(means.back(), "G", step_));
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

double Trainer::learning_rate() const { return spec_.training.learning_rate * rate_left(); }

double Trainer::rate_left() const {
    return decay_factor(step_, spec_.training.steps, spec_.training.decay_from);
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

}  // namespace modescope
