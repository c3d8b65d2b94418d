"""Whether a client library in another language gets along with the stand-in.

Usage: with_aiogram.py PROGRAM, where PROGRAM is the binary `telegram-fake`.
"""

import asyncio
import json
import socket
import subprocess
import sys
import urllib.request

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.filters import Command
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)

TOKEN = "700000:uji-coba_bukan-rahasia"
PERSON = 42
passed = 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(name: str, holds: bool) -> None:
    global passed
    if not holds:
        print(f"✗ {name}\ntest result: FAILED. {passed} passed; 1 failed;")
        sys.exit(1)
    passed += 1
    print(f"✓ {name}")


class Control:
    """Plays the person."""

    def __init__(self, base: str) -> None:
        self.base = base

    async def call(self, path: str, body=None, raw: bytes | None = None):
        def ask():
            data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
            request = urllib.request.Request(f"{self.base}/control/{path}", data=data)
            if raw is None:
                request.add_header("content-type", "application/json")
            with urllib.request.urlopen(request, timeout=10) as answer:
                text = answer.read()
                return json.loads(text) if text else None

        return await asyncio.to_thread(ask)

    async def act(self, **body) -> None:
        await self.call(f"people/{PERSON}", body)

    async def shows(self, what) -> dict:
        for _ in range(400):
            chat = await self.call(f"people/{PERSON}")
            if what(chat):
                return chat
            await asyncio.sleep(0.025)
        raise AssertionError("never came")

    async def shows_text(self, text: str) -> dict:
        return await self.shows(lambda chat: any(text in m["text"] for m in chat["messages"] if m["from_bot"]))


async def fails(kind, work) -> Exception | None:
    try:
        await work
    except kind as error:
        return error
    return None


def flows(dispatcher: Dispatcher, got: dict) -> None:
    @dispatcher.message(Command("start"))
    async def start(message: Message) -> None:
        contact = KeyboardButton(text="Bagikan nomor", request_contact=True)
        keyboard = ReplyKeyboardMarkup(keyboard=[[contact]], resize_keyboard=True)
        await message.answer("<b>Halo</b> &amp; selamat", parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.message(F.contact)
    async def contact(message: Message) -> None:
        got["contact"] = (message.contact.phone_number, message.contact.user_id)
        button = InlineKeyboardButton(text="Ambil", callback_data="ambil")
        await message.answer("pekerjaan", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))

    @dispatcher.callback_query(F.data == "ambil")
    async def pressed(query: CallbackQuery) -> None:
        await query.message.edit_text("diambil")
        await query.answer("baik")

    @dispatcher.message(F.location)
    async def located(message: Message) -> None:
        got["place"] = (message.location.latitude, message.location.longitude)
        await message.answer("lokasi dicatat")

    @dispatcher.message(F.photo)
    async def photo(message: Message, bot: Bot) -> None:
        got["photo"] = (await bot.download(message.photo[-1])).read()
        await message.answer_photo(BufferedInputFile(got["photo"], "foto.jpg"), caption="foto kembali")


async def converse(bot: Bot, control: Control, got: dict) -> None:
    me = await bot.get_me()
    check("the bot knows itself", me.is_bot and me.username == "isp_uji_bot")
    refused = await fails(TelegramForbiddenError, bot.send_message(PERSON, "halo"))
    check("nobody is written to who has not started the bot", refused is not None)
    await control.act(do="send", text="/start")
    chat = await control.shows_text("Halo & selamat")
    check("HTML is read as Telegram reads it", True)
    key = {"label": "Bagikan nomor", "asks": "contact"}
    check("buttons in place of the keyboard", chat["keyboard"] == [[key]])
    message = next(m for m in chat["messages"] if m["text"] == "Halo & selamat")
    bold = {"type": "bold", "offset": 0, "length": 4}
    check("what is bold is told apart", message["entities"] == [bold])
    await control.act(do="contact", phone="+6281234567890", own=True)
    chat = await control.shows_text("pekerjaan")
    check("a contact of one's own", got["contact"] == ("+6281234567890", PERSON))
    message = next(m for m in chat["messages"] if m["text"] == "pekerjaan")
    await control.act(do="tap", message_id=message["id"], label="Ambil")
    chat = await control.shows(lambda chat: chat["toasts"] == ["baik"])
    message = next(m for m in chat["messages"] if m["id"] == message["id"])
    check("a message is changed in its place", message["text"] == "diambil" and message["buttons"] == [])
    await control.act(do="location", latitude=-7.71, longitude=110.4)
    await control.shows_text("lokasi dicatat")
    check("a place", got["place"] == (-7.71, 110.4))
    picture = bytes(range(256)) * 40
    await control.call(f"people/{PERSON}/photo", raw=picture)
    chat = await control.shows_text("foto kembali")
    check("a photo comes and goes whole", got["photo"] == picture and chat["messages"][-1]["picture"])


async def refusals(bot: Bot, control: Control, message_id: int) -> None:
    media = [InputMediaPhoto(media=BufferedInputFile(b"x", f"{n}.jpg")) for n in range(2)]
    check("an album", len(await bot.send_media_group(PERSON, media)) == 2)
    same = await fails(TelegramBadRequest, bot.edit_message_text("diambil", chat_id=PERSON, message_id=message_id))
    check("a message that stays the same", same is not None and "message is not modified" in str(same))
    broken = await fails(TelegramBadRequest, bot.send_message(PERSON, "<b>x", parse_mode="HTML"))
    check("broken HTML", broken is not None and "can't parse entities" in str(broken))
    long = await fails(TelegramBadRequest, bot.send_message(PERSON, "x" * 4097))
    check("a text that is too long", long is not None and "message is too long" in str(long))
    await control.call("fail", {"method": "sendMessage", "how": {"retry_after": 9}})
    slower = await fails(TelegramRetryAfter, bot.send_message(PERSON, "x"))
    check("being asked to be slower", slower is not None and slower.retry_after == 9)
    await control.call("fail", {"method": "sendMessage", "how": {"status": 500}})
    check("a fault of the server", await fails(TelegramServerError, bot.send_message(PERSON, "x")) is not None)
    await control.call("fail", {"method": "sendMessage", "how": "reset"})
    check("a connection that breaks", await fails(TelegramNetworkError, bot.send_message(PERSON, "x")) is not None)
    await control.act(do="block")
    blocked = await fails(TelegramForbiddenError, bot.send_message(PERSON, "x"))
    check("a person who has stopped the bot", blocked is not None and "blocked" in str(blocked))


async def main(program: str) -> None:
    port = free_port()
    server = subprocess.Popen([program, str(port)], stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                await asyncio.sleep(0.05)
        control, got, dispatcher = Control(base), {}, Dispatcher()
        await control.call("people", {"id": PERSON, "name": "Budi"})
        session = AiohttpSession(api=TelegramAPIServer.from_base(base))
        async with Bot(TOKEN, session=session) as bot:
            flows(dispatcher, got)
            polling = asyncio.create_task(dispatcher.start_polling(bot, polling_timeout=5, handle_signals=False))
            await converse(bot, control, got)
            await dispatcher.stop_polling()
            await polling
        async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(base))) as bot:
            chat = await control.call(f"people/{PERSON}")
            edited = next(m["id"] for m in chat["messages"] if m["text"] == "diambil")
            await refusals(bot, control, edited)
    finally:
        server.terminate()
        server.wait()
    print(f"test result: ok. {passed} passed; 0 failed;")


asyncio.run(main(sys.argv[1]))
