#include "core/objective/paper_weights.h"

namespace modescope {
namespace {

struct Row {
    const char* preset;
    Term term;
    double gaussian, laplace;
};

constexpr Row weights[]{
    {"pix2pix-cityscapes", Term::l1, 100, 100}, {"pix2pix-cityscapes", Term::mr1, 10, 10},
    {"pix2pix-cityscapes", Term::mr2, 10, 10},  {"pix2pix-cityscapes", Term::pmr1, 10, 1},
    {"pix2pix-cityscapes", Term::pmr2, 10, 1},  {"pix2pix-maps", Term::l1, 100, 100},
    {"pix2pix-maps", Term::mr1, 100, 10},       {"pix2pix-maps", Term::mr2, 10, 1},
    {"pix2pix-maps", Term::pmr1, 300, 10},      {"pix2pix-maps", Term::pmr2, 1000, 10},
    {"srgan-celeba", Term::l2, 1000, 1000},     {"srgan-celeba", Term::mr1, 20, 30},
    {"srgan-celeba", Term::mr2, 20, 30},        {"srgan-celeba", Term::pmr1, 2400, 2400},
    {"srgan-celeba", Term::pmr2, 2400, 2400},   {"glcic-celeba", Term::l2, 100, 100},
    {"glcic-celeba", Term::pmr1, 1000, 1000},   {"glcic-celeba", Term::pmr2, 1000, 1000},
};

}  // namespace

double paper_weight(const std::string& preset, Term term, Distribution distribution) {
    for (const auto& row : weights)
        if (row.preset == preset && row.term == term)
            return distribution == Distribution::gaussian ? row.gaussian : row.laplace;
    return 1;
}

double paper_min_noise(const std::string& preset, Term term, Distribution distribution) {
    const bool small = distribution == Distribution::gaussian && (term == Term::mr1 || term == Term::mr2);
    if (preset == "srgan-celeba") return small ? 1e-4 : 0.01;
    return preset == "glcic-celeba" ? 0.01 : 0;
}

std::int64_t paper_samples(const std::string& preset, Term term) {
    if (preset.starts_with("pix2pix-")) return 10;
    if (preset == "srgan-celeba") return term == Term::mr1 || term == Term::mr2 ? 24 : 12;
    return preset == "glcic-celeba" ? 12 : 0;
}

}  // namespace modescope
