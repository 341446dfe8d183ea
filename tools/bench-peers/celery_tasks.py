"""A sender on Celery and Redis: each task renders a message, posts it to the provider and writes one audit row for it.

`fill` enqueues messages; the worker is Celery's own: `python3 -m celery -A celery_tasks worker`.
"""

import json
import os
import sys
import uuid

import psycopg2
import requests
from celery import Celery
from jinja2 import Environment, FileSystemLoader, select_autoescape

settings = json.loads(os.environ["PEER_SETTINGS"])
app = Celery("peers", broker=f"redis://127.0.0.1:{settings['redisPort']}/0")
app.conf.update(task_acks_late=True, task_ignore_result=True, broker_connection_retry_on_startup=True)

environment = Environment(
    loader=FileSystemLoader(os.path.dirname(os.path.abspath(__file__))),
    autoescape=select_autoescape(["html.jinja"]),
)
html = environment.get_template("order-confirmation.html.jinja")
text = environment.get_template("order-confirmation.txt.jinja")

# One of each in every process of the worker.
_http = None
_database = None


def http():
    global _http
    if _http is None:
        _http = requests.Session()
        _http.trust_env = False
    return _http


def database():
    global _database
    if _database is None:
        _database = psycopg2.connect(settings["databaseUrl"])
    return _database


def audit(message_id, recipient, status_code, provider_message_id):
    with database() as transaction, transaction.cursor() as cursor:
        cursor.execute(
            "insert into audit (message_id, recipient, status_code, provider_message_id) values (%s, %s, %s, %s)",
            (message_id, recipient, status_code, provider_message_id),
        )


@app.task(name="send_text")
def send_text(message_id, to, body):
    answer = http().post(
        settings["provider"] + "/2010-04-01/Accounts/AC0/Messages.json",
        data={"To": to, "Body": body, "From": "+14155550100"},
        timeout=10,
    )
    audit(message_id, to, answer.status_code, answer.json()["sid"])


@app.task(name="send_email")
def send_email(message_id, to, order):
    answer = http().post(
        settings["provider"] + "/emails",
        json={
            "from": "Fernwood <hello@fernwood.example>",
            "to": [to],
            "subject": f"Order {order['orderNumber']}",
            "html": html.render(order=order),
            "text": text.render(order=order),
        },
        headers={"Idempotency-Key": message_id},
        timeout=10,
    )
    audit(message_id, to, answer.status_code, answer.json()["id"])


def fill(count):
    for number in range(count):
        message_id = str(uuid.uuid4())
        if settings["message"] == "text":
            send_text.delay(message_id, "+14155550123", f"Fernwood: Order ORD-{number} is confirmed, total £78.85.")
        else:
            order = {**settings["order"], "orderNumber": f"ORD-{number}"}
            send_email.delay(message_id, f"{message_id}@customers.example", order)


if __name__ == "__main__" and sys.argv[1:] == ["fill"]:
    fill(settings["count"])
