#pragma once

#include <QImage>
#include <QWidget>

namespace modescope {

/// One square picture, as large as there is room for up to eight times its size, on calm ground. All pictures
/// of one size appear at the same scale, interpolated in the same way.
class PictureStage : public QWidget {
    Q_OBJECT
public:
    enum class Mark { None, Right, Wrong };

    explicit PictureStage(QWidget* parent = nullptr);

    /// Keeps a picture for later and shows a cross where it will appear.
    void announce(const QImage& picture);
    /// The picture gives way to an empty place, and comes back.
    void hide_picture();
    void reveal_picture();
    /// A frame around the picture that says how it was judged; the next picture has none.
    void set_mark(Mark mark);

    bool shows_picture() const { return state_ == State::Picture; }
    Mark mark() const { return mark_; }

    QSize sizeHint() const override { return {512, 512}; }
    QSize minimumSizeHint() const override { return {128, 128}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    enum class State { Empty, Cross, Picture };

    void change(State state);
    QRect place() const;

    QImage picture_;
    State state_ = State::Empty;
    Mark mark_ = Mark::None;
};

}  // namespace modescope
