#pragma once

#include "core/experiments/claims.h"

/// How the figure of a claim is read from the evidence. Every figure without its evidence says what is
/// missing.
namespace modescope::figures {

using FigureOf = std::function<Figure(const Evidence&)>;
using TrialValue = std::function<double(const ToyTrial&)>;
using ScoreValue = std::function<double(const WorldScore&)>;
using Trace = std::vector<double> ToyTrial::*;

// Of a toy configuration, by Objective::id().

/// A value of every training.
FigureOf on_toy(const std::string& id, TrialValue value);
FigureOf on_toy(const std::string& id, Figure (*f)(const ToyResult&));
/// f(the one, the other).
FigureOf on_toys(const std::string& one, const std::string& other,
                 std::function<Figure(const ToyResult&, const ToyResult&)> f);

/// Of the samples, over the data's.
double variance_ratio(const ToyTrial& trial);
/// Root mean square of ỹ − E[y|x], in standard deviations of the data.
double distance_to_mean(const ToyTrial& trial);
double minor_mode(const ToyTrial& trial);
double valid(const ToyTrial& trial);
double w1(const ToyTrial& trial);
double median_gap(const ToyTrial& trial);
/// Of trainings of one seed, which see the same data: how much nearer the second comes.
Figure w1_gain(const ToyResult& gan, const ToyResult& other);
/// All nine have to include 0 at once with 95 %, so each gets a share of the 5 %.
Figure decomposition_gap(const ToyResult& result);
/// Spread over the seeds of `proxy` over that of `direct`, early in the training; `relative`: in units of how
/// much each one's trace varies. The interval is a jackknife over the seeds, on the logarithm.
Figure spread_ratio(const ToyResult& proxy, const ToyResult& direct, Trace trace, bool relative);

// Of the models of an image preset's configuration.

/// A value of every model.
FigureOf on_image(const std::string& preset, const std::string& id, ScoreValue value);
/// combine(value of the one, value of the other), model by model.
FigureOf on_images(const std::string& preset, const std::string& one, const std::string& other,
                   ScoreValue value, std::function<double(double, double)> combine);
/// Of GAN + pMR₂'s predictor.
FigureOf predictor_on_image(const std::string& preset, double PredictorError::*error);

double sensitivity(const WorldScore& score);
double match(const WorldScore& score);
double mean_error(const WorldScore& score);
double deviation(const WorldScore& score);
/// Mean over the hidden factors.
double entropy_ratio(const WorldScore& score);
double difference(double a, double b);
double ratio(double a, double b);

}  // namespace modescope::figures
