# Flags for the project's own targets: `target_link_libraries(x PRIVATE modescope_settings)`.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(modescope_settings INTERFACE)
target_include_directories(modescope_settings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(modescope_settings INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
if(MODESCOPE_WERROR)
    target_compile_options(modescope_settings INTERFACE -Werror)
endif()
if(MODESCOPE_SANITIZE)
    target_compile_options(modescope_settings INTERFACE
        -fsanitize=${MODESCOPE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    target_link_options(modescope_settings INTERFACE -fsanitize=${MODESCOPE_SANITIZE})
endif()
