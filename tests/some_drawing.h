#pragma once

#include "app/labs/paint/paint_document_file.h"

namespace modescope {

/// With a value of its own for all that a file keeps but the models.
inline PaintDrawing some_drawing(Task task) {
    PaintDrawing drawing;
    drawing.task = task;
    drawing.size = 16;
    drawing.samples = 4;
    drawing.scale = 0.75;
    drawing.seed = 41;
    drawing.example = 0xfedcba9876543211u;
    drawing.noises = {{41, false}, {0xfedcba9876543210u, true}};
    drawing.frozen_levels = {0, 2};
    drawing.frozen_seed = 0xfedcba9876543212u;
    if (task == Task::labels) {
        drawing.classes = parse_palette("Sky #0000ff, Road #444444");
        drawing.condition.labels = LabelMap(16, 16);
        drawing.condition.labels.at(3, 7) = 1;
        return drawing;
    }
    const int side = task == Task::super_resolution ? 4 : 16;
    drawing.condition.picture = Image(side, side, 3, 90);
    drawing.condition.picture.at(1, 2, 1) = 200;
    if (task == Task::inpainting) drawing.condition.mask = draw_hole(16, 4, 4, 5, 6);
    drawing.photo = Image(16, 16, 3, 120);
    return drawing;
}

}  // namespace modescope
