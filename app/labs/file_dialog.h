#pragma once

#include <QFileDialog>

namespace modescope {

/// A dialog that asks for something that exists: connect to its signals, then open() it. Nothing waits for
/// it, it deletes itself, and it begins in the folder that was used last, at first in the user's pictures.
QFileDialog* make_open_dialog(QWidget* parent, const QString& title, const QString& filter,
                              QFileDialog::FileMode mode = QFileDialog::ExistingFile);
/// The same for a folder.
QFileDialog* make_folder_dialog(QWidget* parent, const QString& title);
/// The same for a file to write, with the suggested name; without a typed suffix it gets that of the name, or
/// of the kind that was chosen.
QFileDialog* make_save_dialog(QWidget* parent, const QString& title, const QString& filter,
                              const QString& suggestion);

}  // namespace modescope
