// Included before everything else in the fuzz build. LibTorch 1.13's headers hold a std::vector of a class
// that is declared only, which Clang refuses where std::vector is constexpr, as libstdc++'s is from C++20 on.
#pragma once

#include <string>

#pragma push_macro("_GLIBCXX20_CONSTEXPR")
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
// Declared constexpr before, so that its definition must not be another; nothing here calls it.
#define __fill_a1 __fill_a1_of_bits
#include <vector>
#undef __fill_a1
#pragma pop_macro("_GLIBCXX20_CONSTEXPR")
