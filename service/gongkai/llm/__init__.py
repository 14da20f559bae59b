"""The only door to a model: questions with closed answers in, answers or reasons for silence out.

`questions` what is asked and answered · `tasks` prompts and schemas · `sheet` the schema of one question, and the check of an
answer · `prompting` the words · `wire` the only importer of ``openai`` · `replies` what a server's reply says · `ladder` what a
server can do · `retry` when to ask again · `budget` what it may cost · `records` what was asked · `door` all of it together ·
`settings` · `commands`. Nothing is imported here: `questions` is all that a reading child needs.
"""
