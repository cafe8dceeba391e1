#pragma once

#include <QFrame>
#include <optional>

#include "app/labs/train/folder_check.h"

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QToolButton;

namespace modescope {

/// Where the pictures of a training come from: a preset's own world, or a folder, which is read as soon as it
/// is chosen and told file by file.
class TrainData : public QFrame {
    Q_OBJECT
public:
    explicit TrainData(QWidget* parent = nullptr);

    /// The world of the preset's pictures; "folder" if it has none.
    void set_source(const std::string& source);
    /// Empty: the world's own pictures.
    void set_folder(const QString& folder);
    const QString& folder() const { return folder_; }
    /// Of the folder, when all of it is read.
    const std::optional<FolderReport>& report() const { return report_; }
    /// Why no training can use it now; empty if one can.
    QString problem() const;

signals:
    void changed();           ///< another folder, or its report is there
    void choose_requested();  ///< a folder

private:
    void build();
    void show_source();
    void show_report(const FolderReport& report);
    void stop_checking(const QString& text);

    FolderCheck check_;
    QString folder_;
    std::string source_;
    std::optional<FolderReport> report_;
    bool checking_ = false;
    QLabel *source_text_, *report_text_;
    QToolButton* own_;
    QProgressBar* progress_;
    QPlainTextEdit* bad_files_;
};

}  // namespace modescope
