#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/random.h"

namespace modescope {

/// `model` of the pictures that no model made.
inline constexpr char real_pictures[] = "real";

/// What one person said of one picture. A rater judges a picture once.
struct RealismAnswer {
    std::string rater;
    std::string picture;  ///< belongs to one model only
    std::string model;    ///< that made it, or real_pictures
    bool said_fake = false;
    double milliseconds = 0;  ///< from the picture's appearance to the answer, ≥ 0
    int order = 0;            ///< place in the rater's sequence, from 1

    bool operator==(const RealismAnswer&) const = default;
};

/// The F-measure of the class "fake" of one rater, from the shares of the fakes and of the real pictures
/// that were called fake (0 … 1): 2h / (1 + h + f). That is 2PR / (P + R) where as many real pictures as
/// fakes were shown; with other numbers, the real ones weigh as much as the fakes, so that several models
/// may share them. A rater who calls nothing fake has no precision, but no recall either: F = 0.
double f_measure(double hit_rate, double false_alarm_rate);

/// How well fakes and real pictures are told apart, in standard deviations: z(h) − z(f), where half a
/// picture is added to each count and one to each total (log-linear correction), so that nobody is infinitely
/// good. Totals ≥ 1.
double d_prime(int hits, int fakes, int false_alarms, int reals);

/// How real the pictures of one model look to people.
struct ModelRealism {
    std::string model;
    double f = 0;        ///< mean over raters of the F-measure of "fake"
    double realism = 0;  ///< 2(1 − F): always recognised 0, guessed 1 (a little above with few pictures),
                         ///< taken for real more often than real ones up to 2; not clamped
    std::optional<std::array<double, 2>> interval;  ///< 95 % of `realism`; none of fewer than two
                                                    ///< pictures or if all resamples agree
    double hit_rate = 0;                            ///< mean over raters: share of its pictures called fake
    double d_prime = 0;                             ///< mean over raters
    int raters = 0;                                 ///< who saw pictures of it, and real ones
    int pictures = 0;
    int answers = 0;  ///< to its pictures
};

struct RealismScore {
    std::vector<ModelRealism> models;  ///< by name
    double false_alarm_rate = 0;       ///< mean over raters: share of the real pictures called fake
    int raters = 0;
    int reals = 0;    ///< real pictures
    int answers = 0;  ///< all
};

/// The paper's human evaluation. A rater counts for a model if they saw at least one of its pictures and
/// one real one. The intervals are percentiles of a bootstrap that draws raters and, apart for each model,
/// pictures with replacement; of one rater they cover the pictures only.
/// Throws Error if there are no answers to real pictures or none to fakes.
RealismScore score_realism(std::span<const RealismAnswer> answers, Rng& rng, int resamples = 2000);

/// A picture and how people took it.
struct PictureVerdict {
    std::string picture, model;
    int answers = 0;
    int mistaken = 0;  ///< of them, wrong ones
};
/// Fakes taken for real, real pictures taken for fake: at most `count`, the most mistaken first, only those
/// that deceived somebody.
std::vector<PictureVerdict> hardest_fakes(std::span<const RealismAnswer> answers, std::size_t count);
std::vector<PictureVerdict> distrusted_reals(std::span<const RealismAnswer> answers, std::size_t count);

}  // namespace modescope
