#pragma once

#include <QString>
#include <QStringList>

namespace modescope {

/// The pictures of a folder in the order in which people count ("2.png" before "10.png"), and which of them
/// is looked at. The folder is read once, when it is opened.
class PictureFolder {
public:
    /// A picture makes its folder the one to walk through; a folder begins before its first picture.
    void open(const QString& path);
    /// By one forwards or backwards. False, and nothing happens, at the ends and without pictures.
    bool step(int by);

    bool empty() const { return paths_.isEmpty(); }
    int count() const { return static_cast<int>(paths_.size()); }
    /// Of what is looked at: "/a/2.png" and 1 … count(); empty and 0 before the first step.
    QString path() const { return paths_.value(index_); }
    int number() const { return index_ + 1; }

private:
    QStringList paths_;
    int index_ = -1;
};

/// Whether the file's name is that of a picture that can be read.
bool is_picture(const QString& path);

}  // namespace modescope
