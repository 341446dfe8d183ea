// The Spanish texts of the pages for people.
import type { PageWords } from './page-words.ts'

export const es: PageWords = {
  lang: 'es',
  dir: 'ltr',
  leave: {
    title: 'Darse de baja',
    answer: {
      email: (brand, to) => `Al pulsar el botón, ${brand} dejará de enviar novedades por correo electrónico a ${to}.`,
      sms: (brand, to) => `Al pulsar el botón, ${brand} dejará de enviar novedades por SMS a ${to}.`,
    },
    act: 'Darse de baja',
  },
  left: {
    title: 'Baja confirmada',
    answer: {
      email: (brand, to) => `${brand} ya no envía novedades por correo electrónico a ${to}.`,
      sms: (brand, to) => `${brand} ya no envía novedades por SMS a ${to}.`,
    },
    act: 'Volver a recibirlas',
  },
  unaffected: 'Los mensajes sobre pedidos, pagos y cursos siguen llegando.',
  choices: {
    title: 'Qué mensajes llegan',
    legend: 'Novedades',
    email: 'Por correo electrónico',
    sms: 'Por SMS',
    act: 'Guardar',
  },
  done: { saved: 'Guardado.', again: 'Las novedades vuelven a llegar.' },
  broken: {
    title: 'Este enlace no funciona',
    answer: 'Está incompleto o no se creó aquí. No ha cambiado nada.',
    advice: 'Se puede abrir de nuevo desde el mensaje; si se copió, hay que copiarlo entero.',
  },
  failed: {
    title: 'Ahora mismo no es posible',
    answer: 'Puede que el cambio no se haya guardado.',
    advice: 'Se puede volver atrás e intentarlo dentro de un minuto.',
  },
}
