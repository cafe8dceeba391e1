#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/experiments/compare.h"

namespace modescope {

/// The pictures of one condition: a row for each contestant, a column for each noise.
struct Exhibit {
    struct Row {
        std::vector<Image> pictures;
        Image mean, deviation;  ///< of all K samples; σ in colours, on one scale for all rows
    };
    std::string title;            ///< the condition's name
    std::string why;              ///< what makes it worth a look; may be empty
    Image condition;              ///< as people see it
    std::optional<Image> target;  ///< a true picture
    std::vector<Row> rows;        ///< by contestant
    double scale = 0;             ///< the σ at the end of the colours
};
/// Draws condition `index` with the seeds of the measurement, `columns` of its pictures. Throws Error as
/// draw().
Exhibit exhibit(const Comparison& comparison, const Cases& cases, int index, int columns);

/// All that the report shows.
struct Report {
    Comparison comparison;
    std::vector<Exhibit> exhibits;
    std::string command;  ///< the equal command line; empty: there is none
};
/// With the first condition's pictures and those of the three on which the contestants differ most.
Report make_report(const Comparison& comparison, const Cases& cases, std::string command);
/// The metric whose spread ranks conditions if nobody says which: LPIPS where it was measured.
std::string usual_ranking(const Comparison& comparison);

/// The `modescope compare` that measures the same, for a shell: with the models' files, `inputs` (as
/// Cases::arguments) and the file of LPIPS weights, if there is one.
std::string command_of(const Comparison& comparison, const std::vector<std::string>& inputs,
                       const std::string& lpips);

/// One self-contained page, for light and dark: pictures and curves are inside, it needs neither network nor
/// script. Names of files in it are escaped.
std::string html_of(const Report& report);
/// A line for each contestant and metric: value, interval, n, and of how many conditions that were wanted.
std::string csv_of(const Comparison& comparison);
/// Means, intervals, curves, and the values of every condition.
nlohmann::json json_of(const Comparison& comparison);

}  // namespace modescope
