#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/experiments/claims.h"

namespace modescope {

/// How the evidence was gathered; in every report.
struct EvidenceSource {
    bool full = false;  ///< image models were trained for it; else the shipped ones
    int seeds = 0;
    std::int64_t toy_steps = 0;
    std::string lpips;  ///< "alex 0.1"; empty without LPIPS
};

/// {"claims": [{"id", "number", "claim", "measure", "wanted", "figure", "interval", "holds", "verdict",
/// "reason"}], "toy": […], "images": […], "source": {…}}. figure and interval are null where there is none,
/// holds is null for a claim that is open or was not tested.
nlohmann::json claims_to_json(const std::vector<TestedClaim>& tested, const Evidence& evidence,
                              const EvidenceSource& source);
/// A page that needs no other file and no network.
std::string claims_to_html(const std::vector<TestedClaim>& tested, const Evidence& evidence,
                           const EvidenceSource& source);

/// "0.0289 [0.021, 0.037]", or a dash.
std::string figure_text(const Figure& figure);
/// "31 hold, 2 do not, 3 are open, 24 were not tested".
std::string summary_of(const std::vector<TestedClaim>& tested);

}  // namespace modescope
