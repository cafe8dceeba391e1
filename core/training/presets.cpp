#include <fmt/format.h>

#include "core/base/error.h"
#include "core/objective/paper_weights.h"
#include "core/training/spec.h"

namespace modescope {
namespace {

Spec toy() {
    Spec spec;
    spec.network.features = 64;
    spec.network.noise_channels = 1;
    spec.network.noise_levels = 1;
    spec.objective = parse_objective("gan+10*pmr2");
    return spec;
}

/// What the worlds' small presets share: an hour on one core, two for Faces. A moving average, a falling
/// learning rate and a smooth D, none of which the paper has, leave less speckle.
Spec small(const std::string& id, const std::string& world, const std::string& task) {
    Spec spec;
    spec.preset = id;
    spec.data.source = world;
    spec.data.task = task;
    spec.network.discriminator_norm = "spectral";
    set_objective(spec, "gan+pmr2");
    spec.objective.min_noise = 1e-3;
    spec.objective.samples = 6;
    spec.training = {.steps = 5000,
                     .batch = 8,
                     .conditions = 4,
                     .learning_rate = 2e-4,
                     .learning_rate_ratio = 2,
                     .instance_noise = 0.05,
                     .decay_from = 0.5,
                     .average = 0.999,
                     .predictor_steps = 2000,
                     .predictor_batch = 16,
                     .predictor_learning_rate = 5e-4};
    return spec;
}

void draw_by_unet(Spec& spec) {
    spec.network.kind = "pix2pix";
    spec.network.refine = 16;
    spec.network.modulation = 64;
    spec.network.noise_levels = 1;  // nothing that label maps and holes of the worlds hide differs by position
}

Spec small_labels(const std::string& id, const std::string& world) {
    auto spec = small(id, world, "labels");
    draw_by_unet(spec);
    spec.training.learning_rate = 3e-4;
    return spec;
}

Spec street_64() { return small_labels("street-64", "street"); }
Spec maps_64() { return small_labels("maps-64", "maps"); }

/// More pairs a step than of labels: of faces only little is open, and it takes many to tell it from what is
/// certain.
Spec small_faces(const std::string& id, const std::string& task) {
    auto spec = small(id, "faces", task);
    spec.training.batch = 16;
    spec.training.conditions = 8;
    spec.training.predictor_learning_rate = 1e-3;
    return spec;
}

Spec faces_sr_64() {
    auto spec = small_faces("faces-sr-64", "super-resolution");
    spec.network.kind = "srgan";
    spec.network.features = 48;  // 24 are too few to draw eyes and glasses from 16 × 16 pixels
    spec.network.upsampling = "transposed";  // finer edges than from resized features, in fewer steps
    spec.network.head = 5;                   // a 9×9 kernel at full size takes half of a step
    spec.network.discriminator_features = 16;
    spec.network.discriminator_patches = true;
    spec.network.noise_channels = 4;
    spec.network.noise_vector = 16;
    set_objective(spec, "gan+pmr2");
    spec.objective.samples = 8;
    spec.training.steps = 3500;
    spec.training.learning_rate = 3e-4;
    spec.training.learning_rate_ratio = 1;
    spec.training.instance_noise = 0.1;
    spec.training.predictor_steps = 3000;
    spec.training.predictor_batch = 32;
    return spec;
}

/// Of a U-Net, whose samples cost a third of those of a GLCIC with 16 features.
Spec faces_inpaint_64() {
    auto spec = small_faces("faces-inpaint-64", "inpainting");
    draw_by_unet(spec);
    spec.data.hole_margin = 8;  // elsewhere most holes hide nothing but background
    spec.training.steps = 8000;
    spec.training.learning_rate = 4e-4;
    spec.training.learning_rate_ratio = 1.5;
    spec.training.predictor_steps = 7000;
    return spec;
}

/// The paper's settings as far as its image systems share them (section 5 and appendix). It does not say how
/// long it trained; its figures come from G itself, not from an average.
Spec paper(const std::string& id, const std::string& kind, const std::string& task) {
    Spec spec;
    spec.preset = id;
    spec.data.source = "folder";
    spec.data.task = task;
    spec.network.kind = kind;
    spec.network.features = spec.network.discriminator_features = 64;
    spec.network.upsampling = "transposed";
    set_objective(spec, "gan+pmr2");
    spec.training = {.steps = 100000,
                     .batch = 16,
                     .conditions = 8,
                     .learning_rate = 1e-4,
                     .weight_decay = 1e-4,
                     .amsgrad = true,
                     .clip = 0.5,
                     .average = 0,
                     .predictor_steps = 50000,
                     .predictor_batch = 16,
                     .predictor_learning_rate = 1e-4};
    return spec;
}

Spec paper_unet(const std::string& id, const std::string& task) {
    auto spec = paper(id, "pix2pix", task);
    spec.data.size = 256;
    spec.network.downs = 8;
    spec.network.widest = 8;
    return spec;
}

Spec pix2pix_cityscapes() {
    auto spec = paper_unet("pix2pix-cityscapes", "labels");
    spec.data.classes = to_text(cityscapes_palette());
    return spec;
}

Spec pix2pix_maps() {
    auto spec = paper_unet("pix2pix-maps", "picture");
    spec.data.direction = "b-to-a";
    spec.data.load = 512;
    return spec;
}

Spec srgan_celeba() {
    auto spec = paper("srgan-celeba", "srgan", "super-resolution");
    spec.network.noise_channels = 16;
    spec.training.batch = spec.training.predictor_batch = 32;
    spec.training.generator_steps = 5;
    return spec;
}

Spec glcic_celeba() {
    auto spec = paper("glcic-celeba", "glcic", "inpainting");
    spec.data.size = 128;
    spec.data.hole_least = 48;
    spec.data.hole_most = spec.data.hole_box = 64;
    spec.objective.scale = 0.5;
    spec.training.generator_steps = 3;
    return spec;
}

/// A preset of the worlds has their weights on a folder, too.
bool is_of_the_paper(const Spec& spec) { return paper_samples(spec.preset, Term::pmr2) != 0; }

/// What a term weighs beside the GAN loss unless somebody says otherwise.
double usual_weight(const Spec& spec, Term term) {
    if (is_of_the_paper(spec))
        return paper_weight(spec.preset, term, distribution_from(spec.objective.distribution));
    const bool enlarges = spec.data.task == "super-resolution";
    if (term == Term::pmr2 || term == Term::pmr1) return enlarges ? 100 : 50;
    if (term == Term::l1) return 100;
    if (term == Term::l2) return enlarges ? 1000 : 100;  // as in the paper
    if (term == Term::mr1) return 10;
    return term == Term::dsgan ? 8 : 1;
}

/// Nothing for other presets on a folder, which keep their own K and ν.
void train_as_the_paper_with(Spec& spec, Term term) {
    const auto samples = paper_samples(spec.preset, term);
    if (samples == 0) return;
    spec.objective.min_noise =
        paper_min_noise(spec.preset, term, distribution_from(spec.objective.distribution));
    spec.objective.samples = samples;
}

}  // namespace

std::span<const Preset> presets() {
    static const std::vector<Preset> list{
        {"toy", "The Y-shaped toy distribution, perceptrons of 64 (paper, section 5.1).", toy},
        {"street-64", "Label map to street picture, the Street world at 64 × 64, small U-Net.", street_64},
        {"maps-64", "Town map to aerial picture, the Maps world at 64 × 64, small U-Net.", maps_64},
        {"faces-sr-64", "16 × 16 to 64 × 64 pixels, the Faces world, small SRGAN.", faces_sr_64},
        {"faces-inpaint-64", "A hole in a face, the Faces world at 64 × 64, small U-Net.", faces_inpaint_64},
        {"pix2pix-cityscapes", "The paper's Cityscapes: label map to photo at 256 × 256; --data names them.",
         pix2pix_cityscapes},
        {"pix2pix-maps", "The paper's Maps: map to aerial photo at 256 × 256; --data names them.",
         pix2pix_maps},
        {"srgan-celeba", "The paper's super-resolution of faces, 16 × 16 to 64 × 64; --data names them.",
         srgan_celeba},
        {"glcic-celeba", "The paper's inpainting of faces at 128 × 128; --data names them.", glcic_celeba},
    };
    return list;
}

Spec preset_spec(const std::string& id) {
    std::vector<std::string> known;
    for (const auto& preset : presets()) {
        if (preset.id == id) return preset.spec();
        known.push_back(preset.id);
    }
    throw Error(fmt::format("There is no preset \"{}\"; the known ones are {}.", id, fmt::join(known, ", ")));
}

void set_objective(Spec& spec, const std::string& text) {
    const auto weight = [&](Term term) { return usual_weight(spec, term); };
    spec.objective.weights = parse_objective(text, weight).weights;
    for (const auto term : spec.objective.active())
        if (!info(term).adversarial) train_as_the_paper_with(spec, term);
}

void configure(Spec& spec, std::span<const std::string> assignments, const std::string& objective) {
    const auto assign = [&] {
        for (const auto& assignment : assignments) set_field(spec, assignment);
    };
    const auto distribution = spec.objective.distribution;
    assign();
    // The usual weights are those of the distribution.
    const bool other = spec.objective.distribution != distribution;
    if (objective.empty() && !other) return;
    set_objective(spec, objective.empty() ? spec.objective.id() : objective);
    assign();
}

}  // namespace modescope
