#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace modescope {

/// A small random generator whose numbers are the same on every platform (SplitMix64).
/// For procedural data; the networks' noise comes from LibTorch's own generators.
class Rng {
public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}

    /// An independent stream for item `index` of the stream `seed`: random access without a state.
    static Rng at(std::uint64_t seed, std::uint64_t index) {
        return Rng(Rng(seed).next() ^ (Rng(index + 0x632BE59BD9B4E019ull).next() * 0x9E3779B97F4A7C15ull));
    }

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }

    /// Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// Uniform in 0 .. count − 1.
    int index(int count) { return static_cast<int>(uniform() * count); }
    bool chance(double probability) { return uniform() < probability; }

    /// Standard normal (Box–Muller, the second value is not kept).
    double normal() {
        return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    std::uint64_t state_;
};

}  // namespace modescope
