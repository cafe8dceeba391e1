#pragma once

class QWidget;

namespace modescope {

/// Moves the keyboard focus to the next or previous control below `root`, in the order in which the layouts
/// show them; at an end it goes on at the other. Qt's own order is that in which widgets were made, which is
/// none where parts are made again. Of buttons that exclude each other, only the checked one counts. False if
/// nothing takes the focus.
bool tab_in_layout_order(QWidget& root, bool next);

}  // namespace modescope
