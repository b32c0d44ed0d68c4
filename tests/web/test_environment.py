from groqchat.web.environment import chat_environment

OURS = {
    "HOME": "/home/anna",
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "XDG_CONFIG_HOME": "/home/anna/.config",
    "GROQ_API_KEY": "gsk_x",
    "GROQCHAT_HOME": "/home/anna/groqchat",
    "https_proxy": "http://proxy:3128",
    "HTTPS_PROXY": "http://proxy:3128",
    "TERM": "screen",
    "TMUX": "/tmp/tmux",
    "DISPLAY": ":0",
    "EDITOR": "vi",
    "PYTHONPATH": "/somewhere",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "OPENAI_API_KEY": "secret",
}


def test_a_chat_gets_what_it_needs_and_nothing_else():
    made = chat_environment(OURS, 120, 40)
    kept = {"HOME", "PATH", "LC_ALL", "XDG_CONFIG_HOME", "GROQ_API_KEY", "GROQCHAT_HOME"}
    kept |= {"https_proxy", "HTTPS_PROXY"}
    assert {name: made[name] for name in kept} == {name: OURS[name] for name in kept}
    own = {
        "TERM",
        "TERM_PROGRAM",
        "COLORTERM",
        "TEXTUAL_COLOR_SYSTEM",
        "TEXTUAL_FPS",
        "TEXTUAL_DRIVER",
    }
    assert made.keys() == kept | own | {"COLUMNS", "ROWS"}
    assert (made["TERM"], made["COLUMNS"], made["ROWS"]) == ("xterm-256color", "120", "40")
