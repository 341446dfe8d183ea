// The Hindi texts of the pages for people.
import type { PageWords } from './page-words.ts'

export const hi: PageWords = {
  lang: 'hi',
  dir: 'ltr',
  leave: {
    title: 'अनसब्सक्राइब करें',
    answer: {
      email: (brand, to) => `बटन दबाने के बाद ${brand} की ओर से ${to} पर समाचार और अपडेट के ईमेल नहीं आएँगे।`,
      sms: (brand, to) => `बटन दबाने के बाद ${brand} की ओर से ${to} पर समाचार और अपडेट के SMS नहीं आएँगे।`,
    },
    act: 'अनसब्सक्राइब करें',
  },
  left: {
    title: 'अनसब्सक्राइब हो गया है',
    answer: {
      email: (brand, to) => `${brand} की ओर से ${to} पर समाचार और अपडेट के ईमेल अब नहीं आएँगे।`,
      sms: (brand, to) => `${brand} की ओर से ${to} पर समाचार और अपडेट के SMS अब नहीं आएँगे।`,
    },
    act: 'ये फिर से पाएँ',
  },
  unaffected: 'ऑर्डर, भुगतान और कोर्स से जुड़े संदेश आते रहेंगे।',
  choices: {
    title: 'आपको क्या मिलता है',
    legend: 'समाचार और अपडेट',
    email: 'ईमेल से',
    sms: 'SMS से',
    act: 'सहेजें',
  },
  done: { saved: 'सहेज लिया गया।', again: 'ये संदेश फिर से आएँगे।' },
  broken: {
    title: 'यह लिंक काम नहीं करता',
    answer: 'यह अधूरा है या यहाँ नहीं बनाया गया था। कुछ भी नहीं बदला है।',
    advice: 'संदेश में दिया लिंक फिर से खोलें। अगर उसे कॉपी किया था, तो पूरा कॉपी करें।',
  },
  failed: {
    title: 'अभी यह नहीं हो सकता',
    answer: 'हो सकता है कि आपका चुनाव सहेजा न गया हो।',
    advice: 'पीछे जाएँ और एक मिनट बाद फिर कोशिश करें।',
  },
}
