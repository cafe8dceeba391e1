#include "app/labs/train/train_data.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

#include "core/worlds/world.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int listed_bad_files = 200;

QString describe(const FolderReport& report) {
    QStringList parts{QString::fromStdString(name_of(report.layout))};
    for (const auto& split : report.splits) {
        auto text = TrainData::tr("%L1 %2").arg(split.count).arg(QString::fromStdString(split.name));
        if (split.sizes.size() == 1)
            text += TrainData::tr(" of %1").arg(QString::fromStdString(split.sizes.begin()->first));
        parts << text;
    }
    if (!report.palette.empty()) parts << TrainData::tr("%1 classes").arg(report.palette.size());
    return parts.join(QStringLiteral(" · "));
}

QString describe_bad(const FolderReport& report) {
    QStringList lines;
    for (const auto& file : report.bad) {
        lines << QString::fromStdString(file.path + " " + file.problem);
        if (lines.size() == listed_bad_files) break;
    }
    return lines.join(QChar('\n'));
}

}  // namespace

TrainData::TrainData(QWidget* parent) : QFrame(parent) {
    build();
    connect(&check_, &FolderCheck::progressed, this,
            [this](double share) { progress_->setValue(qRound(100 * share)); });
    connect(&check_, &FolderCheck::done, this, &TrainData::show_report);
    connect(&check_, &FolderCheck::failed, this, [this](const QString& sentence) {
        stop_checking(sentence);
        emit changed();
    });
}

void TrainData::build() {
    setProperty("card", true);
    source_text_ = new QLabel(this);
    source_text_->setObjectName("train_data");
    auto* choose = new QPushButton(icon("folder"), tr("Own pictures…"), this);
    choose->setObjectName("train_choose_data");
    choose->setToolTip(tr("A folder of pictures or pairs to learn from; dropping one here does the same."));
    connect(choose, &QPushButton::clicked, this, &TrainData::choose_requested);
    own_ = new QToolButton(this);
    own_->setObjectName("train_world_data");
    own_->setIcon(icon("close"));
    own_->setProperty("tool", true);
    own_->setAccessibleName(tr("Back to the world's pictures"));
    own_->setToolTip(tr("Learn from the preset's own world instead."));
    connect(own_, &QToolButton::clicked, this, [this] { set_folder({}); });
    progress_ = new QProgressBar(this);
    progress_->setTextVisible(false);
    progress_->setAccessibleName(tr("Files checked"));
    progress_->setToolTip(tr("How many of the files are read."));
    report_text_ = new QLabel(this);
    report_text_->setObjectName("train_folder_report");
    report_text_->setProperty("secondary", true);
    report_text_->setWordWrap(true);
    bad_files_ = new QPlainTextEdit(this);
    bad_files_->setObjectName("train_bad_files");
    bad_files_->setReadOnly(true);
    bad_files_->setMaximumHeight(96);
    bad_files_->setAccessibleName(tr("Files that cannot be used"));
    bad_files_->setToolTip(tr("These are passed over; the others are used."));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(source_text_, 1);
    row->addWidget(own_);
    row->addWidget(choose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::l, space::m, space::l, space::m);
    column->setSpacing(space::m);
    column->addLayout(row);
    column->addWidget(progress_);
    column->addWidget(report_text_);
    column->addWidget(bad_files_);
    for (QWidget* widget : {static_cast<QWidget*>(progress_), static_cast<QWidget*>(report_text_),
                            static_cast<QWidget*>(bad_files_), static_cast<QWidget*>(own_)})
        widget->hide();
}

void TrainData::set_source(const std::string& source) {
    source_ = source;
    show_source();
}

void TrainData::show_source() {
    own_->setVisible(!folder_.isEmpty());
    if (!folder_.isEmpty()) return source_text_->setText(folder_);
    source_text_->setText(source_ == "folder" ? tr("None chosen yet")
                                              : tr("Of the %1 world, as many as wanted")
                                                    .arg(QString::fromStdString(find_world(source_).name())));
}

void TrainData::set_folder(const QString& folder) {
    folder_ = folder;
    report_.reset();
    check_.cancel();
    stop_checking({});
    checking_ = !folder.isEmpty();
    if (checking_) {
        progress_->setValue(0);
        progress_->show();
        report_text_->setText(tr("Reading every file…"));
        report_text_->show();
        check_.start(folder);
    }
    show_source();
    emit changed();
}

void TrainData::stop_checking(const QString& text) {
    checking_ = false;
    progress_->hide();
    bad_files_->hide();
    report_text_->setText(text);
    report_text_->setVisible(!text.isEmpty());
}

void TrainData::show_report(const FolderReport& report) {
    report_ = report;
    QString text = describe(report);
    if (const auto bad = report.bad.size(); bad == 1)
        text += tr("\nOne file cannot be used and is passed over:");
    else if (bad > 1)
        text += tr("\n%L1 files cannot be used and are passed over:").arg(bad);
    stop_checking(text);
    bad_files_->setPlainText(describe_bad(report));
    bad_files_->setVisible(!report.bad.empty());
    emit changed();
}

QString TrainData::problem() const {
    if (checking_) return tr("The folder is being read; the training can start right after.");
    if (!folder_.isEmpty() && !report_)
        return tr("Choose another folder, or go back to the world's pictures.");
    if (folder_.isEmpty() && source_ == "folder") return tr("Choose the folder of pictures to learn from.");
    return {};
}

}  // namespace modescope
