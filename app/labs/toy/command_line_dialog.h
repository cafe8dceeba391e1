#pragma once

#include <QDialog>

namespace modescope {

/// Shows command lines to read and copy. Deletes itself when it is closed.
class CommandLineDialog : public QDialog {
    Q_OBJECT

public:
    CommandLineDialog(const QString& lines, QWidget* parent = nullptr);
};

}  // namespace modescope
