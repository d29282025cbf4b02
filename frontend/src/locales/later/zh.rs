//! Simplified Chinese.

use super::Later;

pub(super) static CHINESE: Later = Later {
    room_name: "名称",
    room_name_hint: "小写字母、数字和连字符：它会成为房间的网址。",
    room_title: "标题",
    room_title_hint: "大家看到的名字。留空则使用名称。",
    create: "创建",

    react_with: |emoji| format!("用 {emoji} 回应"),
    message_actions: "对这条消息的操作",
    reply: "回复",
    edit: "编辑",
    pin: "置顶",
    unpin: "取消置顶",
    remove: "删除",
    copy_link: "复制链接",

    inspector: "线路上的数据帧",
    frames: "数据帧，最新的在最后",
    frame_sent: "已发送",
    frame_heard: "已收到",
    filter: "筛选",
    pause: "暂停",
    clear: "清空",
    copy_lines: "复制为 JSON 行",
    no_line: "未连接",
    rate: |frames, bytes| format!("{frames} 帧/秒，{bytes} 字节/秒"),
    round_trip: |ms| format!("往返 {ms} 毫秒"),
    reconnects: |n| format!("重连 {} 次", n.text),

    language: "语言",
    theme: "主题",
    theme_system: "跟随系统",
    theme_light: "浅色",
    theme_dark: "深色",
    theme_contrast: "高对比度",
    density: "密度",
    density_normal: "标准",
    density_compact: "紧凑",

    key_enter: "回车",
    key_shift: "Shift",
    key_send: "发送",
    key_break: "换行",
    key_move: "下一个、上一个控件",
    key_scroll: "滚动消息",
    key_end: "回到最新",
    key_close: "关闭对话框",
    key_list: "显示此列表",
};
